using System.Xml.Linq;
using Fairlead.Engine.Aws;
using Fairlead.Engine.Aws.Rds;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Tests.Deploying.Simulation;

namespace Fairlead.Tests.Aws;

public sealed class RdsTests
{
    private static readonly SnapshotOrder Order = new(
        Ordered.Site,
        "db",
        new() { Name = "shop-db", Keep = 2 },
        "1f3a9c27",
        TimeSpan.FromHours(4)
    );

    [Fact]
    public void A_snapshot_is_ordered_by_a_name_that_follows_from_the_deployment_with_tags_that_say_whose_it_is() =>
        Assert.Equal(
            """
            POST /
            Action=CreateDBSnapshot
            Version=2014-10-31
            DBSnapshotIdentifier=fairlead-shop-production-db-1f3a9c27
            DBInstanceIdentifier=shop-db
            Tags.Tag.1.Key=fairlead%3Aapp
            Tags.Tag.1.Value=shop
            Tags.Tag.2.Key=fairlead%3Aenvironment
            Tags.Tag.2.Value=production
            Tags.Tag.3.Key=fairlead%3Adatabase
            Tags.Tag.3.Value=db
            Tags.Tag.4.Key=fairlead%3Aowner
            Tags.Tag.4.Value=me
            Tags.Tag.5.Key=fairlead%3Adeployment
            Tags.Tag.5.Value=1f3a9c27
            """,
            Text(RdsCalls.Create(Order, "me"))
        );

    [Fact]
    public void Clusters_have_words_of_their_own_and_a_region_that_is_said_counts()
    {
        var cluster = Order with
        {
            Place = new()
            {
                Name = "shop",
                IsCluster = true,
                Region = "eu-west-1",
            },
        };
        var call = RdsCalls.List(cluster.Place, "page 2");

        Assert.Equal("eu-west-1", call.Region);
        Assert.Equal(
            """
            POST /
            Action=DescribeDBClusterSnapshots
            Version=2014-10-31
            DBClusterIdentifier=shop
            SnapshotType=manual
            MaxRecords=100
            Marker=page%202
            """,
            Text(call)
        );
        Assert.Equal("CreateDBClusterSnapshot eu-west-1", Said(RdsCalls.Create(cluster, "me")));
        Assert.Equal("DeleteDBClusterSnapshot eu-west-1", Said(RdsCalls.Delete(cluster.Place, "one")));
        var seen = Assert.Single(
            RdsReading.Snapshots(
                XElement.Parse(
                    "<R><DBClusterSnapshots><DBClusterSnapshot><DBClusterSnapshotIdentifier>one</DBClusterSnapshotIdentifier><DBClusterIdentifier>shop</DBClusterIdentifier><Status>creating</Status><PercentProgress>12</PercentProgress></DBClusterSnapshot></DBClusterSnapshots></R>"
                ),
                cluster.Place
            )
        );
        Assert.Equal(("one", "shop", "creating", 12, null), (seen.Name, seen.Of, seen.Status, seen.Percent, seen.At));
    }

    [Theory]
    [InlineData("a--b")]
    [InlineData("a-b")]
    [InlineData("a-very-long-name-of-a-database-of-a-shop")]
    [InlineData("a-very-long-name-of-a-database-of-a-shoq")]
    public void Names_are_such_as_RDS_takes(string database)
    {
        var name = RdsCalls.NameOf(Order with { Database = database });

        Assert.Matches("^[a-z]([a-z0-9]|-(?!-)){0,61}[a-z0-9]$", name);
        Assert.NotEqual(RdsCalls.NameOf(Order with { Database = $"{database}-2" }), name);
        Assert.NotEqual(RdsCalls.NameOf(Order with { Database = "a-b", Deployment = "0" }), name);
    }

    [Fact]
    public void Two_names_that_would_be_one_at_RDS_stay_two() =>
        Assert.NotEqual(
            RdsCalls.NameOf(Order with { Database = "a--b" }),
            RdsCalls.NameOf(Order with { Database = "a-b" })
        );

    [Fact]
    public void The_newest_are_kept_and_nothing_is_deleted_that_is_not_ours()
    {
        var (marks, at) = (RdsCalls.Marks(Order, "me"), new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero));
        RdsSnapshot One(string name, int day, string? but = null, string status = "available", string of = "shop-db") =>
            new(
                name,
                of,
                status,
                100,
                at.AddDays(day),
                marks.Where(one => one.Key != but).ToDictionary(static one => one.Key, static one => one.Value)
            );

        var surplus = RdsReading.Surplus(
            [
                One("new", 9),
                One("old", 3),
                One("older", 2),
                One("by-hand", 1, but: AwsMarks.App),
                One("another-fairlead", 1, but: AwsMarks.Owner),
                One("another-database", 1, but: RdsCalls.Database),
                One("of-another", 1, of: "other-db"),
                One("under-way", 1, status: "creating"),
                One("broken", 8, status: "failed"),
                One(RdsCalls.NameOf(Order), 10),
                One("unborn", 0) with
                {
                    At = null,
                },
            ],
            Order,
            marks
        );

        Assert.Equal(["older", "old", "broken"], surplus.Select(static one => one.Name));
    }

    [Fact]
    public void It_is_waited_for_and_told_how_far_it_is_and_old_ones_go()
    {
        var (said, _, rds) = Run(rds =>
        {
            foreach (var day in Enumerable.Range(1, 3))
            {
                var marks = RdsCalls.Marks(Order, "me").ToDictionary();
                rds.Snapshots.Add(new($"old-{day}", new(2025, 12, day, 0, 0, 0, TimeSpan.Zero), marks));
            }
            rds.Snapshots.Add(new("by-hand", new(2025, 11, 1, 0, 0, 0, TimeSpan.Zero), []));
        });

        Assert.Contains("fairlead-shop-production-db-1f3a9c27 is creating, 8 %", said);
        Assert.Equal("fairlead-shop-production-db-1f3a9c27 is available, 100 %", said[^1]);
        Assert.Equal(
            ["old-3", "by-hand", "fairlead-shop-production-db-1f3a9c27"],
            rds.Snapshots.Select(static one => one.Name)
        );
        Assert.Single(rds.Asked, "CreateDBSnapshot");
    }

    [Fact]
    public void One_whose_answer_was_lost_is_found_and_not_taken_twice()
    {
        var (_, problem, rds) = Run(static rds => rds.AnswersLost = 1);

        Assert.Null(problem);
        Assert.Single(rds.Snapshots);
        Assert.Single(rds.Asked, "CreateDBSnapshot");
    }

    [Fact]
    public void An_instance_that_is_busy_is_waited_for_but_not_for_ever()
    {
        var (_, problem, rds) = Run(rds => rds.Refuses = static tries => tries < 3 ? "InvalidDBInstanceState" : null);
        Assert.Null(problem);
        Assert.Single(rds.Snapshots);

        var (_, stopped, _) = Run(rds => rds.Refuses = static _ => "InvalidDBInstanceState");
        Assert.Equal("rds.not-ready", stopped?.Code);
    }

    [Theory]
    [InlineData("DBInstanceNotFound", "rds.no-database")]
    [InlineData("SnapshotQuotaExceeded", "rds.too-many-snapshots")]
    [InlineData("KMSKeyNotAccessibleFault", "aws.refused")]
    public void What_AWS_will_not_do_is_said_at_once(string code, string expected)
    {
        var (_, problem, rds) = Run(rds => rds.Refuses = _ => code);

        Assert.Equal(expected, problem?.Code);
        Assert.Single(rds.Asked, "CreateDBSnapshot");
    }

    [Fact]
    public void One_that_failed_or_takes_too_long_or_belongs_to_another_is_none()
    {
        Assert.Equal("rds.snapshot-failed", Run(static rds => rds.EndsAs = "failed").Problem?.Code);
        Assert.Equal("rds.too-slow", Run(static rds => rds.Takes = TimeSpan.FromHours(9)).Problem?.Code);
        var (_, foreign, rds) = Run(static rds => rds.Snapshots.Add(new(RdsCalls.NameOf(Order), default, [])));
        Assert.Equal("aws.not-ours", foreign?.Code);
        Assert.Single(rds.Snapshots);
    }

    [Fact]
    public void Old_ones_that_cannot_be_deleted_end_nothing()
    {
        var time = new SimulatedTime(new Random(1));
        var aws = new PlayedRds(time) { Takes = TimeSpan.Zero };
        IReadOnlyList<string> warnings = [];
        time.Run(
            async () =>
                warnings = await new RdsWork(new Grudging(aws), Order, "me", new(time, new Random(1))).RunAsync(
                    default
                ),
            TimeSpan.FromHours(1)
        );
        Assert.Contains("Old snapshots of the instance shop-db of RDS are left", Assert.Single(warnings));
    }

    private static (List<string> Said, Problem? Problem, PlayedRds Rds) Run(Action<PlayedRds> prepare)
    {
        var time = new SimulatedTime(new Random(1));
        var rds = new PlayedRds(time);
        prepare(rds);
        var (said, problem) = (new List<string>(), default(Problem));
        var work = new RdsWork(rds, Order, "me", new(time, new Random(1)));
        time.Run(
            async () =>
            {
                var running = work.RunAsync(default);
                while (!running.IsCompleted)
                {
                    said.Add(work.Says);
                    await Task.Delay(TimeSpan.FromSeconds(1), time);
                }
                said.Add(work.Says);
                try
                {
                    await running;
                }
                catch (ProblemException caught)
                {
                    problem = caught.Problem;
                }
            },
            TimeSpan.FromHours(10)
        );
        return (said, problem, rds);
    }

    private static string Text(AwsCall call) => Ordered.Text(call).Replace('&', '\n');

    private static string Said(AwsCall call) => $"{call.Action} {call.Region}";

    /// <summary>Takes snapshots, and tells nobody which there are.</summary>
    private sealed class Grudging(PlayedRds rds) : IAws
    {
        public string Region => rds.Region;

        public Uri AddressOf(AwsCall call) => rds.AddressOf(call);

        public Task<AwsAnswer> AskAsync(AwsCall call, CancellationToken stop) =>
            System.Text.Encoding.UTF8.GetString(call.Body.Span).Contains("SnapshotType", StringComparison.Ordinal)
                ? Task.FromResult(new AwsAnswer(403, []) { Code = "Sulking", Message = "no" })
                : rds.AskAsync(call, stop);
    }
}
