using System.Globalization;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Deploying.Jobs;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Tests.Deploying.Jobs;

/// <summary>What a site's loop does about its jobs, decision by decision.</summary>
public sealed class JobTurnTests
{
    private static readonly Problem Broken = new("x", "It broke.", "Exit code 3.", "Mend it.");

    [Fact]
    public void A_run_is_decided_once_for_its_time_begun_by_its_name_and_remembered_when_it_is_over()
    {
        var life = new Life("*/15 * * * *");
        life.At("10:00").IsQuiet().At("10:14").IsQuiet();

        life.At("10:15").Does("begin report@1#1").HasTold("report@1#1 begins, for 2026-11-29 10:15:00Z");
        // Whoever is killed after the intent: the same name again, and that is the same run.
        life.At("10:15").Does("begin report@1#1").Runs(1).At("10:16").IsQuiet();
        life.Ends(1, problem: null).Does("end report@1#1").HasTold("report@1#1 is done").Gone(1).IsQuiet();
        life.At("10:15").IsQuiet();
        life.At("10:30").Does("begin report@1#2");
        Assert.Equal(At("10:15"), life.State.SucceededAt!.Value - TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Times_that_passed_are_run_once_or_not_at_all_as_the_manifest_says()
    {
        var once = new Life("*/15 * * * *").At("10:00").IsQuiet();
        once.At("14:07")
            .Does("begin report@1#1")
            .HasTold("for 2026-11-29 14:00:00Z and 15 times before it that passed");

        var skip = new Life("*/15 * * * *", missed: MissedRun.Skip).At("10:00").IsQuiet();
        skip.At("14:07").IsQuiet().HasTold("report@1#1 is left out: It was due at 2026-11-29 14:00:00Z");
        skip.At("14:15").Does("begin report@1#2");

        var window = new Life("*/15 * * * *", deadline: TimeSpan.FromMinutes(10)).At("10:00").IsQuiet();
        window.At("14:07").Does("begin report@1#1");
    }

    [Fact]
    public void One_that_is_due_while_another_runs_is_left_out_waits_or_takes_its_place()
    {
        var forbid = Running(Overlap.Forbid);
        forbid.At("10:30").IsQuiet().HasTold("report@1#2 is left out: report@1#1 has run for 15m and has not ended.");

        var queue = Running(Overlap.Queue);
        queue.At("10:30").IsQuiet().HasTold("report@1#2 waits for report@1#1");
        queue.At("10:45").IsQuiet().HasTold("report@1#3 is left out: report@1#1 has run");
        queue.Ends(1, problem: null).Does("end report@1#1").Gone(1).Does("begin report@1#2");

        var replace = Running(Overlap.Replace);
        replace.At("10:30").Does("end report@1#1").HasTold("report@1#1 is ended, so that report@1#2 can begin");
        replace.Gone(1).Does("begin report@1#2").HasTold("report@1#1 was ended: report@1#2 is due");
    }

    [Fact]
    public void A_clock_that_goes_back_a_little_runs_nothing_twice_and_one_that_was_days_ahead_is_not_believed()
    {
        var life = new Life("*/15 * * * *").At("10:00").IsQuiet();
        life.At("10:15").Does("begin report@1#1").Runs(1).Ends(1, problem: null).Does("end report@1#1").Gone(1);

        life.At("10:05").IsQuiet().At("10:15").IsQuiet().At("10:20").IsQuiet();
        life.Day(-2).At("10:10").IsQuiet().HasTold("the clock went back from 2026-11-29 10:15:00Z");
        life.At("10:15").Does("begin report@1#2");
    }

    [Fact]
    public void What_fails_is_told_and_what_is_gone_is_not_begun_again()
    {
        var failed = Running(Overlap.Forbid).Ends(1, Broken).Does("end report@1#1").Gone(1).IsQuiet();
        Assert.Equal(RunState.Failed, failed.State.Last!.State);
        Assert.Equal(["it broke"], failed.State.Last.Lines);

        var lost = Running(Overlap.Forbid).Gone(1).IsQuiet().HasTold("report@1#1 failed: It was there");
        Assert.Empty(lost.State.Open);
    }

    [Fact]
    public void A_place_that_takes_none_is_asked_again_after_a_pause_and_not_for_ever()
    {
        var life = new Life("*/15 * * * *").At("10:00").IsQuiet().At("10:15").Does("begin report@1#1");
        life.IsRefused(1).IsQuiet().At("10:15", seconds: 6).Does("begin report@1#1");
        life.At("10:18").IsQuiet().HasTold("report@1#1 failed: Exit code 3.");
    }

    [Fact]
    public void One_that_outlives_all_its_time_is_ended()
    {
        var life = Running(Overlap.Forbid);
        life.At("11:14").IsQuiet();
        life.Day(1).At("10:14").Does("end report@1#1").Gone(1).HasTold("report@1#1 is being ended: It had until");
        life.IsDue().HasTold("report@1#1 failed: It had until");
    }

    [Fact]
    public void Another_schedule_counts_from_now_and_one_that_is_gone_counts_nothing()
    {
        var life = new Life("*/15 * * * *").At("10:00").IsQuiet();
        life.Has("*/10 * * * *").At("14:07").IsQuiet();
        life.At("14:10").Does("begin report@1#1");
        life.Has(null).At("14:11").Runs(1).IsQuiet().Ends(1, problem: null).Does("end report@1#1").Gone(1).IsQuiet();
        Assert.Null(life.State.Schedule);
        life.Has("*/10 * * * *").At("20:07").IsQuiet();
    }

    [Fact]
    public void Somebody_may_ask_for_a_run_and_for_its_end()
    {
        var life = new Life("0 4 * * *").At("10:00").IsQuiet();
        life.Asks(RequestKind.RunJob).Does("begin report@1#1").HasTold("report@1#1 begins, asked for by ann").Runs(1);
        life.Asks(RequestKind.RunJob).IsQuiet().HasTold("report@1#2 is left out");
        life.Asks(RequestKind.CancelJob).Does("end report@1#1").Gone(1).IsQuiet();
        Assert.Equal((RunState.Cancelled, "job.cancelled"), (life.State.Last!.State, life.State.Last.Problem!.Code));
    }

    private static DateTimeOffset At(string time) =>
        DateTimeOffset.Parse($"2026-11-29T{time}:00Z", CultureInfo.InvariantCulture);

    private static Life Running(Overlap overlap) =>
        new Life("*/15 * * * *", overlap: overlap)
            .At("10:00")
            .IsQuiet()
            .At("10:15")
            .Does("begin report@1#1")
            .Runs(1)
            .IsQuiet();

    /// <summary>A site with one job, whose decisions are carried out in memory until nothing is left or the world must be touched.</summary>
    private sealed class Life(
        string? cron,
        MissedRun missed = MissedRun.RunOnce,
        Overlap overlap = Overlap.Forbid,
        TimeSpan? deadline = null
    )
    {
        private readonly Dictionary<InstanceKey, RunTrouble> troubles = [];
        private readonly List<string> told = [];
        private readonly List<Instance> runs = [];
        private SiteRecord record = new(new Site("shop", "production")) { Live = 1 };
        private DateTimeOffset now = JobTurnTests.At("00:00");
        private string? cron = cron;
        private int days;

        public JobState State => record.Jobs!.Single();

        public Life Day(int offset)
        {
            days = offset;
            return this;
        }

        public Life At(string time, int seconds = 0)
        {
            now = JobTurnTests.At(time).AddDays(days).AddSeconds(seconds);
            return this;
        }

        public Life Has(string? other)
        {
            cron = other;
            return this;
        }

        public Life IsQuiet()
        {
            Assert.Null(Settled()?.Move.ToString());
            return this;
        }

        public Life IsDue()
        {
            Assert.StartsWith("begin", Settled()?.Move.ToString(), StringComparison.Ordinal);
            return this;
        }

        public Life Does(string move)
        {
            Assert.Equal(move, Settled()?.Move.ToString());
            return this;
        }

        public Life HasTold(string text)
        {
            Assert.Contains(told, one => one.Contains(text, StringComparison.Ordinal));
            return this;
        }

        public Life Runs(int number) => Seen(number, InstanceState.Ready, ending: null);

        public Life Ends(int number, Problem? problem)
        {
            string[] lines = problem is null ? [] : ["it broke"];
            return Seen(number, InstanceState.Ended, new(problem is null ? 0 : 3, problem, now, lines));
        }

        public Life Gone(int number)
        {
            runs.RemoveAll(one => one.Key.Slot == number);
            return this;
        }

        public Life IsRefused(int number)
        {
            troubles[new(record.Site, new Part("report", 1), number)] = new(now, now, Broken);
            return this;
        }

        public Life Asks(RequestKind kind)
        {
            var request = new Request
            {
                Id = "r",
                Site = record.Site,
                Kind = kind,
                Service = "report",
                By = new("ann", "ann", "ann"),
            };
            Take(JobTurn.Asked(Situation(), request));
            return this;
        }

        private Life Seen(int number, InstanceState state, RunEnding? ending)
        {
            var key = new InstanceKey(record.Site, new Part("report", 1), number);
            runs.RemoveAll(one => one.Key == key);
            runs.Add(
                new()
                {
                    Key = key,
                    State = state,
                    Run = new(1, ending),
                }
            );
            return this;
        }

        private Decision.Do? Settled()
        {
            for (var turn = 0; turn < 20; turn++)
            {
                switch (JobTurn.Next(Situation()))
                {
                    case Decision.Note note:
                        Take(note);
                        break;
                    case var other:
                        return (Decision.Do?)other;
                }
            }
            throw new InvalidOperationException("It never comes to rest.");
        }

        private void Take(Decision.Note note)
        {
            record = note.Record;
            told.AddRange(note.Entries.Select(static one => one.Text));
        }

        private Situation Situation() =>
            new()
            {
                Record = record,
                Live = Release(),
                Seen = new(
                    [],
                    new("", Routing.None(record.Site), new Dictionary<string, int>(), [], new(0, 0, 0, 0, 0)),
                    new Dictionary<string, BuildView>(),
                    new Dictionary<string, CommandView>()
                )
                {
                    Runs = [.. runs],
                },
                Now = now,
                RunTroubles = troubles,
                InternalUrl = "http://127.0.0.1:8079",
                Abilities = new(FixedPortsOverlap: false, ServesStaticFiles: true),
            };

        private Release Release() =>
            new()
            {
                Site = record.Site,
                Number = 1,
                Services = [JobTurnTests.Job(Schedule())],
                Hosts = [],
                Source = "",
                At = default,
            };

        private JobSchedule? Schedule() =>
            cron is null
                ? null
                : new(cron, "UTC")
                {
                    Missed = missed,
                    Overlap = overlap,
                    StartingDeadline = deadline,
                };
    }

    private static ReleasedService Job(JobSchedule? schedule) =>
        new(
            new()
            {
                Name = "report",
                Kind = Kind.Job,
                Path = ".",
                Recipe = new() { Stack = "custom", Run = ["./report"] },
                Health = new(),
                Replicas = 0,
                Job = new() { Schedule = schedule },
            },
            new Part("report", 1),
            "artifact",
            new("recreate", default)
        );
}
