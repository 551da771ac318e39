"""Records that attack whoever looks at a report."""

from __future__ import annotations

ATTACK = (
    "<script>document.title='pwned'</script><img src='http://127.0.0.1:9/leak.png' onerror=\"document.title='pwned'\">"
    "</bdi></p></main></body>\"><svg onload=document.title='pwned'> {{ 7 * 7 }} {% raw %} "
    "<style>body{display:none}</style><meta http-equiv=refresh content='0;url=http://127.0.0.1:9/'>"
)
OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}"


def records() -> list[dict[str, str]]:
    """Three of them: tags, attributes, ends of our own tags, templates, turned directions, controls; the last one is long."""
    found = [
        {
            "id": f"{ATTACK}{i}",
            "source": f"{ATTACK}.example",
            "url": f"javascript:alert({i})//{ATTACK}",
            "headline": f"Caf\u00c3\u00a9 {ATTACK} {OVERRIDE}gpj.exe {i}",
            "text": f"Le caf\u00c3\u00a9 rouvre. {ATTACK} {OVERRIDE}abc\x07\ufffd Post a comment {i}",
            "published": f"{ATTACK}",
        }
        for i in range(3)
    ]
    found[2]["headline"] += "\ufffd" + ATTACK * 4000
    return found
