using System.Globalization;
using Fairlead.Model.Alerting;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Drivers.Channels;

/// <summary>What is told in tests of channels.</summary>
internal static class Notices
{
    public static readonly DateTimeOffset Now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    public static Notification Firing { get; } =
        Of(
            "aa11",
            [
                AlertOf(
                    "page",
                    ("instance", "api@42#0"),
                    ("summary", "5 % of requests fail"),
                    ("runbook_url", "https://example.com/r")
                ),
                AlertOf("page", ("instance", "api@42#1"), ("summary", "7 % of requests fail")),
            ]
        ) with
        {
            Notes = ["shop@42 went live 3 min before"],
            Links =
            [
                new("Acknowledge", "https://fairlead.example.com/ack/aa11?by=link&n=1"),
                new("Look", "https://fairlead.example.com/incidents/7"),
            ],
        };

    public static Notification Sixty { get; } =
        Of(
            "bb22",
            [
                .. Enumerable
                    .Range(0, 60)
                    .Select(static number =>
                        AlertOf(
                            "ticket",
                            ("instance", string.Create(CultureInfo.InvariantCulture, $"node-{number:00}")),
                            (
                                "summary",
                                "The disk of a node will be full in less than four hours, reckoned from the last six"
                            ),
                            ("description", "Make room, or give it more.")
                        )
                    ),
            ]
        ) with
        {
            Notes = ["nothing was deployed"],
            Links = [new("Acknowledge", "https://fairlead.example.com/ack/bb22")],
        };

    public static Notification Resolved { get; } =
        Firing with
        {
            Id = "cc33",
            Alerts = [.. Firing.Alerts.Select(static one => one with { EndsAt = Now })],
            Notes = [],
            Links = [],
        };

    /// <summary>What somebody writes into labels who wants to be more than a label.</summary>
    public static Notification Hostile { get; } =
        Of(
            "dd44",
            [
                new(
                    Labels.Of([
                        new(Alert.NameLabel, "Evil\"><script>alert(1)</script>"),
                        new(Alert.SeverityLabel, "page"),
                        new("path", "/a\r\nBcc: all@example.com\r\n\r\nX"),
                    ]),
                    Labels.Of([
                        new(
                            "summary",
                            "<!channel> @everyone @ann <b>b</b> & *x* _y_ ~z~ `c` ```f``` [l](javascript:alert(1)) #12\n/close\n# head"
                        ),
                        new("description", "\u0000\u001b[31m\u202ereversed\ud800 \\ end"),
                    ]),
                    Now.AddMinutes(-5)
                )
                {
                    SourceUrl = "javascript:alert(1)",
                },
            ]
        ) with
        {
            Notes = ["note <script>\r\n.\r\nQUIT", "# <@U123> @here"],
            Links =
            [
                new("bad", "javascript:alert(1)"),
                new("ok](x) <b>\"&@here", "https://fairlead.example.com/a?x=(1)|2&y=\"<>"),
            ],
        };

    public static Notification Of(string id, IReadOnlyList<Alert> alerts) =>
        new()
        {
            Id = id,
            Receiver = "ops",
            GroupKey = "{}/{severity=\"page\"}:{alertname=\"ErrorsHigh\", app=\"shop\"}",
            GroupLabels = Labels.Of([new(Alert.NameLabel, "ErrorsHigh"), new("app", "shop")]),
            Alerts = alerts,
            At = Now,
            ExternalUrl = "https://fairlead.example.com",
        };

    public static ChannelSettings With(this ChannelSettings settings, string name, params string[] texts) =>
        settings with
        {
            Values = new Dictionary<string, IReadOnlyList<string>>(settings.Values) { [name] = texts },
        };

    // Names that are labels; the rest are annotations.
    private static Alert AlertOf(string severity, params (string Name, string Value)[] words) =>
        new(
            Labels.Of([
                new(Alert.NameLabel, "ErrorsHigh"),
                new("app", "shop"),
                new("environment", "production"),
                new(Alert.SeverityLabel, severity),
                .. words
                    .Where(static one => one.Name == "instance")
                    .Select(static one => new Label(one.Name, one.Value)),
            ]),
            Labels.Of([
                .. words
                    .Where(static one => one.Name != "instance")
                    .Select(static one => new Label(one.Name, one.Value)),
            ]),
            Now.AddMinutes(-5).AddMilliseconds(120)
        )
        {
            SourceUrl = "https://fairlead.example.com/rules/1",
        };
}
