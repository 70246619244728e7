#!/usr/bin/env python3
"""built_in.py PROGRAM: what the built-in catalogue must stop, and what it must never stop."""
import json
import subprocess
import sys

BLOCKED = {
    "connect.facebook.net": ("Meta Platforms", "advertising"),
    "www.google-analytics.com": ("Google", "analytics"),
    "stats.g.doubleclick.net": ("Google", "advertising"),
    "pagead2.googlesyndication.com": ("Google", "advertising"),
    "script.hotjar.com": ("Hotjar", "session-replay"),
    "www.clarity.ms": ("Microsoft", "session-replay"),
    "analytics.tiktok.com": ("TikTok", "advertising"),
    "tr.snapchat.com": ("Snap", "advertising"),
    "px.ads.linkedin.com": ("LinkedIn", "advertising"),
    "bat.bing.com": ("Microsoft", "advertising"),
    "static.criteo.net": ("Criteo", "advertising"),
    "ib.adnxs.com": ("Xandr (AppNexus)", "advertising"),
    "sb.scorecardresearch.com": ("Comscore", "audience-measurement"),
    "log-config.samsungacr.com": ("Samsung Electronics", "smart-tv"),
    "example.sc.omtrdc.net": ("Adobe", "analytics"),
    "example.eulerian.net": ("Eulerian Technologies", "analytics"),
}
# People go there, or things break; third-party-web files some of them under advertising.
NEVER_BLOCKED = """
    google.com www.google.com youtube.com gmail.com facebook.com www.facebook.com instagram.com
    www.instagram.com messenger.com whatsapp.com apple.com www.apple.com icloud.com
    microsoft.com login.microsoftonline.com office.com bing.com www.bing.com msn.com live.com
    yahoo.com mail.yahoo.com ebay.com www.ebay.com amazon.com www.amazon.com netflix.com
    spotify.com x.com twitter.com linkedin.com www.linkedin.com tiktok.com www.tiktok.com
    snapchat.com reddit.com pinterest.com theguardian.com www.theguardian.com wikipedia.org
    github.com vg.no www.vg.no nrk.no dagbladet.no aftenposten.no finn.no login.schibsted.com
    schibsted.com payment.schibsted.no aid.no id.bankid.no vipps.no idporten.no skatteetaten.no
    nav.no paypal.com klarna.com stripe.com js.stripe.com adobe.com salesforce.com okta.com
    wayfair.com hp.com line.me connectivitycheck.gstatic.com captive.apple.com
    www.msftconnecttest.com detectportal.firefox.com time.apple.com ocsp.digicert.com
    r3.o.lencr.org windowsupdate.com recaptcha.net www.gstatic.com
    fonts.googleapis.com cdn.jsdelivr.net cdnjs.cloudflare.com github.io someone.github.io
    cloudfront.net de.com tt.omtrdc.net""".split()
# By what devices and trackers get past whoever looks at names.
EVASIVE = {
    "mask.icloud.com": ("relay", "Apple", "way-around"),
    "mask-h2.icloud.com": ("relay", "Apple", "way-around"),
    "dns.google": ("doh", "Google", "way-around"),
    "mozilla.cloudflare-dns.com": ("doh", "Cloudflare", "way-around"),
    "dns.quad9.net": ("doh", "Quad9", "way-around"),
    "engage.cloudflareclient.com": ("vpn", "Cloudflare", "way-around"),
    "shop.eulerian.net": ("disguise", "Eulerian Technologies", "analytics"),
    "example.sc.omtrdc.net": ("disguise", "Adobe", "analytics"),
    "www.icloud.com": (None, None, None),
    "www.google.com": (None, "Google", "essential"),
}


def judged(program: str, names: list[str]) -> dict[str, dict]:
    answer = subprocess.run([program, "check", "--json", "-"], input="\n".join(names), text=True,
                            capture_output=True, check=True)
    lines = [json.loads(line) for line in answer.stdout.splitlines()]
    return {line["name"]: line for line in lines}


def main(program: str) -> int:
    faults = []
    verdicts = judged(program, [*BLOCKED, *NEVER_BLOCKED, *EVASIVE])
    for name, (company, purpose) in BLOCKED.items():
        verdict = verdicts[name]
        found = (verdict["verdict"], verdict["company"], verdict["purpose"], verdict["list"])
        if found != ("block", company, purpose, "Sporvakt"):
            faults.append(f"{name}: {found}, not blocked as {company}, {purpose}")
    for name, expected in EVASIVE.items():
        found = tuple(verdicts[name][key] for key in ("evasion", "company", "purpose"))
        if found != expected:
            faults.append(f"{name}: {found}, not {expected}")
    faults += [f"{name}: {verdicts[name]['purpose']} is blocked" for name, what in EVASIVE.items()
               if what[2] == "way-around" and verdicts[name]["verdict"] != "allow"]
    faults += [f"{name}: blocked by {verdicts[name]['rule']}" for name in NEVER_BLOCKED
               if verdicts[name]["verdict"] != "allow"]
    print("\n".join(faults) or f"{len(verdicts)} names judged as they must be")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
