using System.Globalization;
using Fairlead.Engine.Data.Backups;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Infrastructure.Applying;
using Fairlead.Engine.Responding.Monitors;
using Fairlead.Model.Apps;
using Fairlead.Model.Data;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Problems;
using Fairlead.Model.Resources;

namespace Fairlead.Demo;

/// <summary>What a demo has kept so far: backups with their restores, and how long its apps answered.</summary>
internal static class DemoKept
{
    private static readonly (string App, string Database, double Hours, double Seconds, long Bytes)[] Databases =
    [
        ("storefront", "orders", 12, 74, 4_200_000_000),
        ("ledger", "books", 24, 31, 910_000_000),
    ];

    public static IEnumerable<DemoMoment> Moments(DemoTold told, DateTimeOffset now, Random random)
    {
        var book = new BackupBook(told.Store, told.Fence);
        foreach (var (app, database, hours, seconds, bytes) in Databases)
        {
            var number = 0;
            for (
                var at = now.AddDays(-13).AddMinutes(random.Next(0, 50));
                at < now.AddHours(-1);
                at = at.AddHours(hours)
            )
            {
                number++;
                var taken = new Backup
                {
                    Id = told.World.NewId()[..8],
                    Site = new(app, "production"),
                    Database = database,
                    Kind = DatabaseKind.Postgres,
                    At = at,
                    Took = TimeSpan.FromSeconds(seconds * 0.6),
                    Bytes = bytes + number * 11_000_000L,
                    Digest = Convert.ToHexStringLower(Bytes(random)),
                    Facts = new(24, 180_000 + number * 700),
                };
                // The first of a day is tried.
                var isTried = hours >= 24 || number % 2 == 1;
                var kept = isTried ? taken with { Drill = DrillOf(taken, seconds, number, random) } : taken;
                yield return new(
                    at,
                    stop =>
                        book.WriteAsync(
                            kept,
                            "backup-taken",
                            $"{database}: backup {kept.Id} was taken{(isTried ? " and restored to prove it" : "")}",
                            stop
                        )
                );
            }
        }
    }

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[32];
        random.NextBytes(bytes);
        return bytes;
    }

    private static Drill DrillOf(Backup of, double seconds, int number, Random random) =>
        new()
        {
            At = of.At.AddMinutes(4),
            Took = TimeSpan.FromSeconds(seconds * (0.9 + number * 0.012 + random.NextDouble() * 0.25)),
            Lost = TimeSpan.FromMinutes(random.Next(3, 40)),
            Facts = of.Facts,
            Looks =
                number == 9
                    ? []
                    :
                    [
                        $"{of.Facts.Rows.ToString("N0", CultureInfo.InvariantCulture)} rows in 24 tables",
                        "the newest row is younger than an hour",
                    ],
            Problem =
                number == 9
                    ? new Problem(
                        "backup.not-held",
                        What: "What was restored is not what it must be.",
                        Why: "orders has 0 rows, and at least 1,000 are asked for.",
                        Fix: "See why the newest backups are empty: fairlead backup list"
                    )
                    : null,
        };

    /// <summary>What was made at a cloud for the accounts, and the plan that waits for them.</summary>
    public static async Task InfrastructureAsync(DemoTold told, DateTimeOffset now, CancellationToken stop)
    {
        var site = new Site("accounts", "production");
        IReadOnlyList<PlannedCost> costs =
        [
            new("aws_db_instance.main", "db.t4g.medium, two zones", 104.83m),
            new("aws_nat_gateway.main", "2 gateways", 75.92m),
            new("aws_ecs_service.sessions", "2 x 0.5 vCPU, 1 GiB", 35.94m),
            new("aws_lb.front", "load balancer", 19.71m),
            new("aws_db_instance.main", "100 GiB gp3", 27.4m),
            new("aws_cloudwatch_log_group.sessions", "20 GiB", 12.6m),
            new("aws_s3_bucket.avatars", "200 GiB", 4.9m),
            new("aws_sqs_queue.mails", "4 million requests", 1.2m),
            new("aws_kms_key.main", "1 key", 1m),
        ];
        await told.KeepAsync(
            RunRecord.Collection,
            $"{site}",
            Records.Body(
                new RunRecord(site, "5d0c9b21", "terraform", "41 to create", now.AddDays(-31), "Ida (demo-Ida)")
                {
                    Outcome = RunOutcome.Done,
                    Ended = now.AddDays(-31).AddMinutes(14),
                    Costs = costs,
                    Lines = ["Apply complete! Resources: 41 added, 0 changed, 0 destroyed."],
                }
            ),
            stop
        );
        await told.KeepAsync(
            PlanRecord.Collection,
            $"{site}",
            Records.Body(
                new PlanRecord(
                    site,
                    "a81f4e07",
                    "terraform",
                    new(CloudKind.Aws, "eu-central-1"),
                    new Dictionary<string, string>(),
                    now.AddHours(-3),
                    "Sam (demo-Sam)"
                )
                {
                    Summary = "1 to create, 2 to change",
                    Review = new([], 0, [], "310.10 USD in a month, 283.50 USD before; by list prices")
                    {
                        Parts = costs,
                    },
                }
            ),
            stop
        );
    }

    /// <summary>Ninety days of answers, with an outage now and then.</summary>
    public static async Task MonitorsAsync(DemoTold told, DateTimeOffset now, Random random, CancellationToken stop)
    {
        var changed = new List<(string Key, KeptMonitor? Kept)>();
        foreach (var app in DemoApps.All)
        {
            foreach (var (service, _) in app.Services)
            {
                foreach (var environment in app.Environments)
                {
                    changed.Add(
                        (
                            MonitorDefinition.KeyOf(new Site(app.Name, environment), service),
                            new(
                                MonitorState.Up,
                                now.AddDays(-1),
                                "It answered 200.",
                                MonitorState.Up,
                                BookOf(now, random)
                            )
                        )
                    );
                }
            }
        }
        await new MonitorRecords(told.Store, told.Fence).KeepAsync(changed, alive: now, stop);
    }

    private static UptimeBook BookOf(DateTimeOffset now, Random random)
    {
        var at = now.AddDays(-UptimeBook.DaysMax + 1);
        var book = UptimeBook.New(at);
        while (at < now)
        {
            var well = at.AddHours(random.Next(60, 700));
            book = book.Count(MonitorState.Up, well < now ? well : now);
            at = well.AddMinutes(random.Next(2, 55));
            book = well < now ? book.Count(MonitorState.Down, at < now ? at : now) : book;
        }
        return book;
    }
}
