using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fairlead.Scenarios.Channels;
using Voyage = Fairlead.Scenarios.Voyages.Platform;

namespace Fairlead.Scenarios.Responding;

/// <summary>From a release that turns bad to a closed incident, with real processes, receivers and a server of mail.</summary>
public sealed partial class BadReleaseScenarios
{
    private const int PerSecond = 100;
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_bad_release_is_told_taken_back_and_closed_by_itself()
    {
        await using var sink = await WebhookSink.StartAsync();
        await using var mail = await MailPeer.StartAsync("starttls", "localhost");
        await using var platform = await Voyage.StartAsync();
        await RouteAsync(platform, Routing(sink, mail));
        var folder = platform.App("shop", Manifest("shop", "auto"));
        await Succeeds(platform.DeployAsync(folder));
        await ShownAsync(platform, "Pages = shop/production/web");
        await SubscribedAsync(platform, mail, "ana@example.com");

        using var end = new CancellationTokenSource();
        var load = platform.LoadAsync("shop", PerSecond, end.Token, slow: 0);
        await Succeeds(platform.DeployAsync(folder, "web.env.FAULT=errors"));
        var firing = await sink.WaitAsync(static one => one.IsFiring && one.Alerts.Contains("ServiceErrors"), Long);
        var told = await StatusPageAsync(platform, static shown => shown.Length > 0);
        await sink.WaitAsync(static one => one.Title.Contains("live again", StringComparison.Ordinal), Long);
        using var afterwards = new CancellationTokenSource();
        var later = platform.LoadAsync("shop", PerSecond, afterwards.Token, slow: 0);
        var closed = await sink.WaitAsync(
            static one => one.Title.Contains("is resolved", StringComparison.Ordinal),
            Long
        );
        await end.CancelAsync();
        await afterwards.CancelAsync();
        var (during, after) = (await load, await later);
        var incident = await platform.AskAsync("incident", "show", "1");
        var page = (await platform.AskAsync("incident", "postmortem", "1"))["text"]!.GetValue<string>();
        var picture = (await platform.AskAsync("incident", "postmortem", "1", "--picture", "errors"))["text"]!;
        var report = await platform.AskAsync("report", "dora", "shop", "--explain");
        var atTheEnd = await StatusPageAsync(
            platform,
            static shown => shown.EndsWith("resolved", StringComparison.Ordinal)
        );
        var level = (await platform.AskAsync("report", "sla", "shop"))["goals"]![0]!;

        Print(
            incident,
            (firing, closed),
            [$"during: {during}", $"after: {after}", $"mails: {mail.Mails.Count}", told, atTheEnd, page]
        );
        Assert.Equal("resolved", incident["state"]!.GetValue<string>());
        Assert.StartsWith("release 2 to 1: done.", incident["rollback"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains(
            "Subject: FIRING 1: ServiceErrors",
            MailsTo(mail, "ops@example.com")[0],
            StringComparison.Ordinal
        );
        Assert.Equal(
            ["investigating", "identified", "monitoring", "resolved"],
            await StagesToldAsync(mail, "ana@example.com", 4)
        );
        Assert.Equal(0, after.Lost);
        Assert.Equal(during.Lost, during.ByStatus.GetValueOrDefault(500));
        Assert.Contains("Suspected: release 2 went live.", Notes(firing), StringComparison.Ordinal);
        Assert.Contains("release 1 is live again", page, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(1, (await platform.AskAsync("status", "shop"))["apps"]![0]!["live"]!.GetValue<int>());
        Assert.Equal(50.0, Number(report, "change failure rate"));
        Assert.StartsWith("<svg", picture.GetValue<string>(), StringComparison.Ordinal);
        Missed(level, during.Lost);
        Assert.Equal(sink.All.Count, sink.All.Select(static one => one.Id).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Where_people_are_asked_nothing_is_taken_back_until_they_say_so()
    {
        await using var sink = await WebhookSink.StartAsync();
        await using var platform = await Voyage.StartAsync();
        await RouteAsync(platform, Routing(sink));
        var folder = platform.App("asked", Manifest("asked", "ask"));
        await Succeeds(platform.DeployAsync(folder));

        using var end = new CancellationTokenSource();
        var load = platform.LoadAsync("asked", PerSecond, end.Token, slow: 0);
        await Succeeds(platform.DeployAsync(folder, "web.env.FAULT=errors"));
        await sink.WaitAsync(static one => one.Title.Contains("go back to release 1?", StringComparison.Ordinal), Long);
        var live = (await platform.AskAsync("status", "asked"))["apps"]![0]!["live"]!.GetValue<int>();
        await Succeeds(platform.RunAsync("incident", "rollback", "1"));
        await sink.WaitAsync(static one => one.Title.Contains("live again", StringComparison.Ordinal), Long);
        await end.CancelAsync();
        await load;

        Assert.Equal(2, live);
        Assert.Equal(1, (await platform.AskAsync("status", "asked"))["apps"]![0]!["live"]!.GetValue<int>());
    }

    [Fact]
    public async Task Killed_while_it_wakes_people_it_goes_on_at_the_right_level_and_tells_nobody_twice()
    {
        await using var sink = await WebhookSink.StartAsync();
        await using var platform = await Voyage.StartAsync();
        await RouteAsync(platform, Escalating(sink));
        await Succeeds(platform.RunAsync("incident", "open", "the database is full", "--severity", "critical"));
        await sink.WaitAsync(static one => one.Title.Contains("level 1)", StringComparison.Ordinal), Long);
        platform.Kill("server");
        await sink.WaitAsync(static one => one.Title.Contains("level 2)", StringComparison.Ordinal), Long);
        platform.Kill("server");
        await sink.WaitAsync(static one => one.Title.Contains("level 3)", StringComparison.Ordinal), Long);
        await Eventually(() => platform.RunAsync("incident", "acknowledge", "1", "--commander", "ana"));
        var incident = await platform.AskAsync("incident", "show", "1");
        await Task.Delay(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken);

        TestContext.Current.TestOutputHelper!.WriteLine(string.Join('\n', sink.All));
        Assert.Equal(
            ["(level 1)", "(level 2)", "(level 3)"],
            // Killed between sending and writing that down, it is sent once more under the same id.
            sink.All.DistinctBy(static one => one.Id)
                .Where(static one => one.Title.Contains("needs you", StringComparison.Ordinal))
                .Select(static one => one.Title[one.Title.IndexOf("(level", StringComparison.Ordinal)..])
        );
        Assert.Equal("ana", incident["commander"]!.GetValue<string>());
    }

    [Fact]
    public async Task What_is_inhibited_silenced_or_announced_stays_quiet_over_a_restart()
    {
        await using var sink = await WebhookSink.StartAsync();
        await using var platform = await Voyage.StartAsync();
        await RouteAsync(platform, Routing(sink));
        await Succeeds(platform.RunAsync("silence", "add", "alertname=Known", "--for", "1h", "--reason", "we know"));
        await Succeeds(platform.DeployAsync(platform.App("planned", Manifest("planned", "never"))));
        await Succeeds(
            platform.RunAsync(
                "maintenance",
                "add",
                "New disks.",
                "--app",
                "planned",
                "--environment",
                "production",
                "--for",
                "1h"
            )
        );
        await SetRulesAsync(platform);
        await sink.WaitAsync(static one => one.Alerts.Contains("Source"), Long);
        platform.Kill("server");
        await Eventually(() => platform.RunAsync("alert", "list"));
        await Task.Delay(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        var alerts = (await platform.AskAsync("alert", "list"))["alerts"]!.AsArray();

        TestContext.Current.TestOutputHelper!.WriteLine(string.Join('\n', sink.All));
        Assert.Equal(["Known", "Planned", "Source", "Target"], alerts.Select(Name).Order(StringComparer.Ordinal));
        Assert.Equal(["Source"], sink.All.SelectMany(static one => one.Alerts).Distinct(StringComparer.Ordinal));
        // Killed between sending and writing that down, it is sent once more under the same id.
        Assert.Single(sink.All.DistinctBy(static one => one.Id));
    }

    private static async Task SetRulesAsync(Voyage platform)
    {
        var file = Path.Combine(platform.State, "..", "rules.yaml");
        await File.WriteAllTextAsync(
            file,
            """
            groups:
              - name: quiet
                interval: 2s
                rules:
                  - { alert: Source, expr: vector(1), labels: { severity: ticket, cluster: a } }
                  - { alert: Target, expr: vector(1), labels: { severity: info, cluster: a } }
                  - { alert: Planned, expr: vector(1), labels: { severity: page, app: planned, environment: production } }
                  - { alert: Known, expr: vector(1), labels: { severity: ticket } }
            """,
            TestContext.Current.CancellationToken
        );
        await Succeeds(platform.RunAsync("rule", "set", "quiet", "--file", file));
    }

    private static void Print(
        JsonNode incident,
        (WebhookSink.Told Firing, WebhookSink.Told Closed) told,
        string[] lines
    )
    {
        var began = At(incident, "startedAt");
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"""
            first symptom seen {began:HH:mm:ss.fff}
            told after {(told.Firing.At - began).TotalMilliseconds:0} ms
            release 1 live again after {(LiveAgain(incident) - began).TotalMilliseconds:0} ms
            closed after {(told.Closed.At - began).TotalSeconds:0} s
            {string.Join('\n', lines)}
            """
        );
    }

    // The goal is missed by what failed, and by nothing else; the incident behind it is named.
    private static void Missed(JsonNode level, long lost)
    {
        Assert.False(level["isKept"]!.GetValue<bool>());
        Assert.Equal(lost, level["badRequests"]!.GetValue<long>());
        Assert.StartsWith(
            "incident 1 (#",
            Assert.Single(level["breaches"]!.AsArray())!["incidents"]![0]!.GetValue<string>(),
            StringComparison.Ordinal
        );
    }

    // A service is looked at soon after it went live.
    private static Task ShownAsync(Voyage platform, string component) =>
        Eventually(() =>
            platform.RunAsync(
                "status",
                "page",
                "set",
                "public",
                "--title",
                "Shop",
                "--component",
                component,
                "--receiver",
                "ops"
            )
        );

    // As a visitor does: by the form of the page, and the link of the mail that comes.
    private static async Task SubscribedAsync(Voyage platform, MailPeer mail, string address)
    {
        var stop = TestContext.Current.CancellationToken;
        using var http = new HttpClient { BaseAddress = new Uri($"http://{platform.Api}") };
        using var form = new FormUrlEncodedContent([new("mail", address)]);
        using var asked = await http.PostAsync(new Uri("/status/public/subscription", UriKind.Relative), form, stop);
        Assert.Contains("Look into your mail", await asked.Content.ReadAsStringAsync(stop), StringComparison.Ordinal);
        for (var attempt = 1; MailsTo(mail, address).Count == 0; attempt++)
        {
            Assert.True(attempt < 60, "No mail came.");
            await Task.Delay(TimeSpan.FromMilliseconds(500), stop);
        }
        var link = SubscriptionLink().Match(MailsTo(mail, address)[0].Replace("=\r\n", "", StringComparison.Ordinal));
        using var confirmed = await http.PostAsync(new Uri(link.Value, UriKind.Relative), content: null, stop);
        Assert.Contains("You will be told", await confirmed.Content.ReadAsStringAsync(stop), StringComparison.Ordinal);
    }

    [GeneratedRegex("/status/public/subscription/[A-Za-z0-9_.~-]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SubscriptionLink();

    private static IReadOnlyList<string> MailsTo(MailPeer mail, string address) =>
        [
            .. mail
                .Mails.Where(one => one["to"]!.AsArray().Any(to => to!.GetValue<string>() == address))
                .Select(static one => one["text"]!.GetValue<string>()),
        ];

    // What the subject of each mail says in brackets; the last is on its way while the page shows it already.
    private static async Task<IReadOnlyList<string>> StagesToldAsync(MailPeer mail, string address, int count)
    {
        IReadOnlyList<string> Told() =>
            [
                .. MailsTo(mail, address)
                    .Select(static one => Stage().Match(one))
                    .Where(static one => one.Success)
                    .Select(static one => one.Groups["stage"].Value),
            ];
        await Edge.EdgeUnderTest.UntilAsync(() => Task.FromResult(Told().Count >= count));
        return Told();
    }

    [GeneratedRegex(
        @"Subject: Shop: [^\r\n]*(\r\n [^\r\n]*)*\((?<stage>\w+)\)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Stage();

    // The page is made anew every few seconds.
    private static async Task<string> StatusPageAsync(Voyage platform, Func<string, bool> fits)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://{platform.Api}") };
        for (var attempt = 1; ; attempt++)
        {
            var text = await http.GetStringAsync(
                new Uri("/status/public.json", UriKind.Relative),
                TestContext.Current.CancellationToken
            );
            var shown = string.Join(
                ", ",
                JsonNode.Parse(text)!["incidents"]!.AsArray().Select(static one => $"{one!["impact"]} {one["state"]}")
            );
            if (fits(shown))
            {
                return shown;
            }
            Assert.True(attempt < 60, $"The status page shows: {shown}");
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        }
    }

    private static string Routing(WebhookSink sink, MailPeer mail) =>
        Routing(sink)
            .Replace(
                "\ninhibit_rules:",
                $$"""

                    email_configs:
                      - to: ops@example.com
                        from: fairlead@example.com
                        smarthost: "{{mail.Address}}"
                        auth_username: fairlead
                        auth_password: hush-hush
                        tls_ca: "{{mail.Authority.ReplaceLineEndings("\\n")}}"
                inhibit_rules:
                """,
                StringComparison.Ordinal
            );

    private static string Routing(WebhookSink sink) =>
        $$"""
            route:
              receiver: ops
              group_wait: 0s
              group_interval: 2s
              routes:
                # A machine under test is as busy as it is.
                - { receiver: nobody, matchers: [alertname=~"MachineBusy|TargetDown|Disk.*"] }
            receivers:
              - { name: nobody }
              - name: ops
                webhook_configs: [ { url: "{{sink.Url}}" } ]
            inhibit_rules:
              - { source_matchers: [alertname="Source"], target_matchers: [alertname="Target"], equal: [cluster] }
            """;

    private static string Escalating(WebhookSink sink) =>
        $$"""
            route: { receiver: ops }
            receivers: [ { name: ops, escalation: all } ]
            people:
              ana: { webhook_configs: [ { url: "{{sink.Url}}" } ] }
              ben: { webhook_configs: [ { url: "{{sink.Url}}" } ] }
            schedules:
              first: { rotations: [ { start: 2026-01-01, people: [ana] } ] }
            escalations:
              all:
                levels:
                  - { notify: [first], timeout: 4s }
                  - { notify: [ben], timeout: 4s }
                  # Time to acknowledge on a busy machine.
                  - { notify: [ana], timeout: 30s }
                  - { notify: [ben], timeout: 4s }
            """;

    private static async Task RouteAsync(Voyage platform, string text)
    {
        var file = Path.Combine(platform.State, "..", "alerting.yaml");
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        await Succeeds(platform.RunAsync("routing", "set", "--file", file));
    }

    private static string Manifest(string app, string rollback) =>
        $$"""
            app: {{app}}
            slo: { availability: 99.9% }
            monitors: { web: { url: /healthz, every: 5s } }
            services:
              web:
                kind: web
                path: .
                health: { http: /healthz, startGrace: 30s }
                replicas: 2
                keep: 10m
                deploy: { strategy: blue-green, hold: 100ms, gates: [error-rate < 100%] }
            environments:
              production: { rollback: {{rollback}} }
            """;

    private static string Notes(WebhookSink.Told told) =>
        string.Join('\n', told.Body["fairlead"]!["notes"]!.AsArray().Select(static one => one!.GetValue<string>()));

    private static string Name(JsonNode? alert) => alert!["alert"]!.GetValue<string>();

    private static double? Number(JsonNode report, string name) =>
        report["numbers"]!
            .AsArray()
            .First(one => one!["name"]!.GetValue<string>() == name)!["value"]
            ?.GetValue<double>();

    private static DateTimeOffset At(JsonNode incident, string name) => incident[name]!.GetValue<DateTimeOffset>();

    private static DateTimeOffset LiveAgain(JsonNode incident) =>
        incident["timeline"]!
            .AsArray()
            .First(static one => one!["text"]!.GetValue<string>().Contains("live again", StringComparison.Ordinal))![
            "at"
        ]!.GetValue<DateTimeOffset>();

    // A server that was killed is started again by its parent.
    private static async Task Eventually(Func<Task<Voyage.Answer>> ask)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await ask();
            if (answer.Code == 0)
            {
                return;
            }
            Assert.True(attempt < 60, answer.ToString());
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        }
    }

    private static async Task Succeeds(Task<Voyage.Answer> running)
    {
        var answer = await running;
        Assert.True(answer.Code == 0, answer.ToString());
    }
}
