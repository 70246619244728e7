/** The ids of the taxonomy, as the filter lists them (GET /purposes has the same). */
export const PURPOSES = [
    "advertising", "data-broker", "session-replay", "fingerprinting", "analytics",
    "audience-measurement", "social", "email-marketing", "personalisation",
    "customer-interaction", "tag-manager", "telemetry", "crash-reporting", "smart-tv",
    "adult-advertising", "cryptomining", "fraud-prevention", "consent", "payment", "video", "cdn",
    "hosting", "embedded-content", "essential", "first-party-service", "way-around", "other",
    "unknown",
] as const;
