using Fairlead.Engine.Guarding.Detecting;
using Fairlead.Engine.Responding.Drills;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Model.Apps;
using Fairlead.Model.Incidents;
using Fairlead.Model.Security;

namespace Fairlead.Demo;

/// <summary>What went wrong in a demo's past, by itself and on purpose, and what looked like an attack.</summary>
internal static class DemoTroubles
{
    private static readonly (string App, string Service, string Title, string Cause)[] Kinds =
    [
        (
            "payments",
            "gateway",
            "Card payments fail for some customers",
            "The provider's new certificate was not trusted by the image."
        ),
        (
            "storefront",
            "api",
            "Carts are slow",
            "A query without an index, after the table had passed ten million rows."
        ),
        ("search", "query", "Search finds nothing new", "The indexer had stopped at a document it could not read."),
        (
            "accounts",
            "sessions",
            "Some people cannot sign in",
            "Sessions of the old format were refused after the release."
        ),
        (
            "storefront",
            "web",
            "The first page is blank on old phones",
            "A script used a word that those browsers do not know."
        ),
    ];

    public static IEnumerable<DemoMoment> Moments(
        DemoTold told,
        DemoDeliveries deliveries,
        DateTimeOffset now,
        Random random
    ) => [.. Incidents(told, deliveries, now, random), .. Drills(told, now, random), .. Findings(told, now)];

    private static IEnumerable<DemoMoment> Incidents(
        DemoTold told,
        DemoDeliveries deliveries,
        DateTimeOffset now,
        Random random
    )
    {
        var book = new IncidentBook(told.Store, told.Fence);
        for (var day = 78; day > 2; day -= random.Next(6, 13))
        {
            var kind = Kinds[random.Next(Kinds.Length)];
            var site = new Site(kind.App, "production");
            var at = now.AddDays(-day).AddMinutes(random.Next(0, 700));
            var lasts = TimeSpan.FromMinutes(random.Next(9, 30) * (0.6 + day / 60.0));
            Incident? open = null;
            yield return new(
                at,
                async stop => open = await book.OpenAsync(number => Opened(number, (site, kind), at, deliveries), stop)
            );
            yield return new(
                at + TimeSpan.FromMinutes(2),
                stop => book.ChangeAsync(open!, one => Taken(one, at + TimeSpan.FromMinutes(2)), stop)
            );
            yield return new(
                at + lasts,
                stop => book.ChangeAsync(open!, one => Mended(one, at + lasts, kind.Cause), stop)
            );
        }
    }

    private static Incident Opened(
        int number,
        (Site Site, (string App, string Service, string Title, string Cause) Kind) about,
        DateTimeOffset at,
        DemoDeliveries deliveries
    )
    {
        var (site, kind) = about;
        var live = deliveries.LiveAt(site, at);
        return new()
        {
            Number = number,
            Site = site,
            Title = kind.Title,
            Severity = number % 3 == 0 ? Severity.Minor : Severity.Major,
            StartedAt = at - TimeSpan.FromMinutes(1 + number % 4),
            DetectedAt = at,
            OpenedBy = "fairlead",
            Services = [kind.Service],
            Suspects = live is { } release
                ?
                [
                    new(
                        at - TimeSpan.FromMinutes(40),
                        $"release {release} went live",
                        "it is the last change before the first symptom",
                        70
                    )
                    {
                        Release = release,
                    },
                ]
                : [],
            Timeline = [new(at - TimeSpan.FromMinutes(1 + number % 4), "alert", $"opened: {kind.Title}", "fairlead")],
        };
    }

    private static Incident Taken(Incident one, DateTimeOffset at) =>
        one with
        {
            AcknowledgedAt = at,
            Commander = one.Number % 2 == 0 ? "Sam" : "Ida",
            Timeline = [.. one.Timeline, new(at, "state", "acknowledged", one.Number % 2 == 0 ? "Sam" : "Ida")],
        };

    private static Incident Mended(Incident one, DateTimeOffset at, string cause)
    {
        var who = one.Commander ?? "Ida";
        return one with
        {
            State = IncidentState.Resolved,
            MitigatedAt = at - TimeSpan.FromMinutes(3),
            ResolvedAt = at,
            Impact = new(8_000 + one.Number * 1_117, 140 + one.Number * 37),
            Timeline =
            [
                .. one.Timeline,
                new(at - TimeSpan.FromMinutes(3), "note", cause, who),
                new(at, "state", "resolved", who),
            ],
            FollowUps =
            [
                new(
                    1,
                    "Let a gate look at it before the next release",
                    who,
                    DateOnly.FromDateTime(at.UtcDateTime.AddDays(14)),
                    IsDone: one.Number % 2 == 0
                ),
            ],
        };
    }

    private static IEnumerable<DemoMoment> Drills(DemoTold told, DateTimeOffset now, Random random)
    {
        var book = new DrillBook(told.Store, told.Fence);
        string[] kinds = ["bad-deploy", "lost-node", "slow-dependency", "lost-server"];
        for (var index = 0; index < 9; index++)
        {
            var (kind, at) = (kinds[index % kinds.Length], now.AddDays(-80 + index * 9).AddHours(random.Next(1, 5)));
            var noticed = random.Next(3, 25);
            var hasFailed = index == 2;
            yield return new(
                at,
                async stop =>
                {
                    var drill = await book.BeginAsync(kind, "Ida (demo-Ida)", at, stop);
                    await book.KeepAsync(Over(drill, at, noticed, hasFailed), hasFailed ? "failed" : "passed", stop);
                }
            );
        }
    }

    private static Drill Over(Drill drill, DateTimeOffset at, int noticed, bool hasFailed)
    {
        var fault = at.AddSeconds(40);
        DrillMoment After(double seconds, string step, string text) => new(fault.AddSeconds(seconds), step, text);
        return drill with
        {
            State = hasFailed ? DrillState.Failed : DrillState.Passed,
            EndedAt = fault.AddSeconds(noticed + 70),
            FaultAt = fault,
            GoodRelease = 1,
            Before = new(600, 0),
            After = new(2_750, hasFailed ? 411 : 11 + noticed),
            Why = hasFailed ? "Nobody was told within 5 minutes: the receiver's address had moved." : null,
            Moments =
            [
                new(at, "scratch app", "it runs, with a visitor of 20 requests a second"),
                new(fault, "the fault", $"{drill.Kind} was made"),
                After(noticed, "noticed", "an alert fires for the scratch app"),
                .. hasFailed
                    ? Array.Empty<DrillMoment>()
                    : [After(noticed + 4, "told", "whoever is on call was told and answered")],
                After(noticed + 31, "mended", "the good release has all traffic again"),
                After(noticed + 70, "over", "the scratch app is gone"),
            ],
        };
    }

    private static IEnumerable<DemoMoment> Findings(DemoTold told, DateTimeOffset now)
    {
        var book = new FindingBook(told.Store, told.Fence, told.World);
        (int Days, string Kind, string Subject, Gravity Gravity, string What, string Fix, string Seen)[] all =
        [
            (
                61,
                "path-scan",
                "203.0.113.0/24",
                Gravity.Low,
                "203.0.113.0/24 looks for pages that programs of others have.",
                "Nothing has to be done: it is kept out for a while by itself.",
                "GET /wp-login.php, GET /.env and 48 more in a minute"
            ),
            (
                17,
                "vulnerable-package",
                "storefront/production api",
                Gravity.Medium,
                "openssl 3.0.13 of storefront/production api has a known weakness: CVE-2026-1187.",
                "Build it again on a newer base image, and deploy.",
                "found in the image's list of packages"
            ),
            (
                4,
                "secret-age",
                "payments/production PROVIDER_KEY",
                Gravity.Medium,
                "The secret PROVIDER_KEY of payments/production is older than 180 days.",
                "Rotate it: fairlead secret rotate payments PROVIDER_KEY",
                "set 194 days ago"
            ),
            (
                1,
                "path-scan",
                "198.51.100.7/32",
                Gravity.High,
                "198.51.100.7 tries passwords at accounts/production.",
                "Look who it is, and keep it out: fairlead block add 198.51.100.7",
                "POST /login was refused 311 times in 10 minutes"
            ),
        ];
        return all.Select(one => new DemoMoment(
            now.AddDays(-one.Days),
            stop =>
                book.RaiseAsync(
                    FindingBook.New(one.Kind, one.Subject, one.Gravity, one.What, one.Fix) with
                    {
                        Evidence = [one.Seen],
                    },
                    stop
                )
        ));
    }
}
