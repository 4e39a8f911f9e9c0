"""The preview of an invented channel, in the elements and classes of Telegram's own."""


def channel_page(*posts: tuple) -> bytes:
    """A page with posts of (number, HTML of the text or None for a picture, text of the quoted reply or nothing)."""
    return (
        '<!doctype html><html><head><meta charset="utf-8"><title>القناة – Telegram</title></head><body>'
        '<main class="tgme_main"><div class="tgme_channel_info">قناة</div><section class="tgme_channel_history">'
        f"{''.join(map(_post, posts))}</section></main></body></html>"
    ).encode()


def _post(post: tuple) -> str:
    number, text, *reply = post
    quoted = (
        f'<a class="tgme_widget_message_reply"><div class="tgme_widget_message_text">{reply[0]}</div></a>'
        if reply
        else ""
    )
    said = f'<div class="tgme_widget_message_text js-message_text" dir="auto">{text}</div>' if text else ""
    return (
        '<div class="tgme_widget_message_wrap js-widget_message_wrap">'
        f'<div class="tgme_widget_message text_not_supported_wrap" data-post="harbour/{number}">{quoted}{said}'
        '<div class="tgme_widget_message_info"><a class="tgme_widget_message_date">'
        f'<time datetime="2026-03-05T10:{number % 60:02}:00+00:00">10:00</time></a></div></div></div>'
    )
