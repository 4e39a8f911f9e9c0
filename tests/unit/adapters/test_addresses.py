"""Which addresses may be connected to."""

import pytest

from pipeline.adapters.http.addresses import AddressRules, ForbiddenAddressError
from pipeline.errors import SettingsError


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "239.255.255.250", "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1", "::", "::1", "fe80::1%eth0",
     "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1",
     "::127.0.0.1", "::ffff:0:127.0.0.1", "fec0::1", "3fff::1", "5f00::1", "192.0.0.8"],
)  # fmt: skip
def test_addresses_that_are_not_public_are_refused(address):
    """Private, loopback, link-local, metadata, multicast, reserved, and IPv4 inside IPv6."""
    with pytest.raises(ForbiddenAddressError, match=f"outlet.example is {address}"):
        AddressRules().check("outlet.example", [address])


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_public_addresses_pass(address):
    """An address of the open web may be connected to."""
    AddressRules().check("outlet.example", [address])


def test_one_bad_address_among_good_ones_refuses_the_name():
    """A name that leads to a public and a private address is refused as a whole."""
    with pytest.raises(ForbiddenAddressError):
        AddressRules().check("outlet.example", ["93.184.216.34", "10.0.0.1"])


@pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:127.0.0.1"])
def test_an_allowed_network_passes(address):
    """Tests and intranets name their networks; others stay refused."""
    rules = AddressRules(["127.0.0.0/8"])
    rules.check("localhost", [address])
    with pytest.raises(ForbiddenAddressError):
        rules.check("router", ["192.168.1.1"])


def test_what_is_no_network_is_a_wrong_setting():
    """The setting's error names it and shows the form."""
    with pytest.raises(SettingsError, match=r"allow_addresses: .*write networks such as"):
        AddressRules(["localhost"])
