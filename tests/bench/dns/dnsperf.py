"""What dnsperf says."""
import re


def figure(text: str, label: str) -> float:
    found = re.search(rf"{label}:\s+([0-9.]+)", text)
    if not found:
        raise RuntimeError(f"dnsperf did not say '{label}':\n{text[-1000:]}")
    return float(found[1])


def latencies(text: str) -> list[float]:
    """Of every answer, in seconds, shortest first.  `text` is that of dnsperf -v; a query that was
    lost has a row too, but no time."""
    times = sorted(map(float, re.findall(r"^> .* ([0-9.]+)$", text, re.M)))
    if len(times) < 100:
        raise RuntimeError(f"too few answers to speak of latency:\n{text[-500:]}")
    return times


def percentile(times: list[float], hundredths: int) -> float:
    return times[len(times) * hundredths // 100]
