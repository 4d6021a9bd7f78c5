using Fairlead.Engine.Deploying;
using Fairlead.Engine.Deploying.Jobs;
using Fairlead.Engine.Deploying.Scaling;
using Fairlead.Engine.Deploying.Strategies;
using Fairlead.Engine.Operations;
using Fairlead.Model.Apps;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;
using Fairlead.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Tests.Deploying.Simulation;

/// <summary>What a simulated run is made of; the same plan and seed give the same run.</summary>
/// <param name="Crashes">Points at which the engine is killed.</param>
/// <param name="FreezesAt">The point at which it is paused while another takes charge; -1 for never.</param>
public sealed record RunPlan(int Seed, IReadOnlyList<int> Crashes, int FreezesAt = -1, int FailuresPerThousand = 0)
{
    /// <summary>The app has jobs, too.</summary>
    public bool HasJobs { get; init; }

    /// <summary>The app has a database at a cloud, whose schema each release changes.</summary>
    public bool HasDatabase { get; init; }

    public override string ToString() =>
        $"seed {Seed}, crashes at [{string.Join(", ", Crashes)}], freezes at {FreezesAt}, "
        + $"{FailuresPerThousand} of 1000 calls fail{(HasJobs ? ", with jobs" : "")}{(HasDatabase ? ", with a database" : "")}";
}

/// <summary>A run that did not come to an end.</summary>
public sealed class StuckException(Run run, Exception cause) : Exception(cause.Message, cause)
{
    public Run Run { get; } = run;
}

/// <summary>One simulated life of a site: several deployments, good and bad ones, people who interfere, and an engine that dies.</summary>
public sealed class Run
{
    private static readonly TimeSpan TimeMax = TimeSpan.FromHours(4);
    private readonly Site site = new("shop", "production");
    private readonly Random random;
    private readonly SimulatedTime time;
    private readonly World world;
    private readonly Faults faults;
    private readonly MemoryStore store;
    private readonly SimulatedWorld outside;
    private readonly List<string> asked = [];
    private readonly List<Task> zombies = [];
    private Conductor conductor;
    private readonly CancellationTokenSource life = new();
    private TaskCompletionSource killed = new();
    private string stage = "people";
    private bool isFrozen;

    // Chance of its own: runs in which nobody approves go as they went before there were approvals.
    private readonly Random approving;
    private readonly bool isProtected;

    // The same for those whose load asks for more or fewer replicas.
    private readonly Random scaling;
    private readonly bool isScaled;

    // And for those in which somebody holds rollouts.
    private readonly Random holding;
    private readonly bool isHeld;

    // Jobs, in runs that are about them.
    private readonly Random working;
    private readonly bool hasJobs;

    private Run(RunPlan plan)
    {
        working = new Random(plan.Seed ^ 0x10b);
        hasJobs = plan.HasJobs;
        holding = new Random(plan.Seed ^ 0x401d);
        isHeld = holding.Next(3) == 0;
        random = new Random(plan.Seed);
        approving = new Random(plan.Seed ^ 0x5eed);
        isProtected = approving.Next(3) == 0;
        scaling = new Random(plan.Seed ^ 0x5ca1e);
        isScaled = scaling.Next(3) == 0;
        time = new SimulatedTime(random);
        world = new World(time, random);
        faults = new Faults(random, world)
        {
            Crashes = [.. plan.Crashes],
            FreezesAt = plan.FreezesAt,
            FailuresPerThousand = plan.FailuresPerThousand,
        };
        store = new MemoryStore(world);
        outside = new SimulatedWorld(world, random, faults, plan.Seed)
        {
            Cloud = plan.HasDatabase ? new(world, new Random(plan.Seed ^ 0xdb), faults) : null,
        };
        conductor = NewConductor();
    }

    /// <summary>Points of the run at which it could have been killed.</summary>
    public int Points => faults.Points;

    /// <summary>Promises that were broken, in words.</summary>
    public IReadOnlyList<string> Violations => outside.Violations;

    public IEnumerable<Deployment> Deployments => store.All(Records.Deployments).Select(Records.Read<Deployment>);

    /// <summary>What a stuck run still waited for.</summary>
    public string Unfinished =>
        $"in '{stage}', unfinished: "
        + string.Join(", ", Deployments.Where(one => !one.Phase.IsOver).Select(one => $"{one} {one.Phase}"))
        + $", requests: {store.All(Records.Requests).Count()}";

    public IReadOnlyList<JournalEntry> Journal => store.Journal;

    public static Run Of(RunPlan plan)
    {
        var run = new Run(plan);
        try
        {
            run.time.Run(run.LiveAsync, TimeMax);
            return run;
        }
        catch (TimeoutException caught)
        {
            throw new StuckException(run, caught);
        }
    }

    private async Task LiveAsync()
    {
        await Task.Yield();
        faults.Frozen = () => isFrozen = true;
        var engine = EngineAsync();
        var people = PeopleAsync();
        var approvers = isProtected ? ApproversAsync() : Task.CompletedTask;
        var loads = isScaled ? LoadsAsync() : Task.CompletedTask;
        var holders = isHeld ? HoldersAsync() : Task.CompletedTask;
        await people;
        faults.FailuresPerThousand = 0;
        stage = "quiet";
        outside.SleepersAreAsked = random.Next(2) == 0;
        await QuietAsync();
        stage = "end";
        End(life);
        await engine;
        await approvers;
        await loads;
        await holders;
        CheckEnd();
    }

    // Starts an engine, and the next one when it died or froze.
    private async Task EngineAsync()
    {
        while (!life.IsCancellationRequested)
        {
            var mine = new CancellationTokenSource();
            life.Token.Register(mine.Cancel);
            var running = RunAsync(conductor, mine.Token);
            while (!running.IsCompleted && !isFrozen && !killed.Task.IsCompleted)
            {
                await Task.Delay(100.Milliseconds, time, CancellationToken.None);
            }
            if (killed.Task.IsCompleted)
            {
                killed = new();
                End(mine);
            }
            if (isFrozen)
            {
                isFrozen = false;
                zombies.Add(running); // It wakes up later and must find out that it is not in charge any more.
            }
            if (!life.IsCancellationRequested)
            {
                await Task.Delay(random.Next(50, 3000).Milliseconds, time, CancellationToken.None);
                conductor = NewConductor();
            }
        }
        await Task.WhenAll(zombies);
    }

    private static async Task RunAsync(Conductor conductor, CancellationToken stop)
    {
        try
        {
            await conductor.TakeChargeAsync(stop);
            await conductor.RunAsync(stop);
        }
        catch (CrashException)
        {
            // Killed: the next one finds what there is.
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop while it was taking charge.
        }
        catch (FencedException)
        {
            // Paused for too long: it has to step down, and did.
        }
    }

    private async Task PeopleAsync()
    {
        var deployments = random.Next(2, 5);
        var names = Enumerable.Range(0, random.Next(1, 4)).Select(index => $"s{index}").ToList();
        for (var number = 1; number <= deployments; number++)
        {
            await InsistAsync(() => DeployAsync(names, isFirst: number == 1));
            await Task.Delay(random.Next(0, number == 1 ? 9000 : 6000).Milliseconds, time, CancellationToken.None);
            var interference = random.Next(10);
            if (interference < 4)
            {
                await InsistAsync(() => InterfereAsync(interference));
                await Task.Delay(random.Next(0, 3000).Milliseconds, time, CancellationToken.None);
            }
        }
    }

    // People try again until the server answers.
    private async Task InsistAsync(Func<Task> ask)
    {
        while (!life.IsCancellationRequested)
        {
            try
            {
                await ask();
                return;
            }
            catch (Exception caught)
                when (caught is FencedException or InvalidOperationException or CrashException or ProblemException)
            {
                if (caught is CrashException)
                {
                    killed.TrySetResult(); // The server died under the request: its loops die with it.
                }
                await Task.Delay(200.Milliseconds, time, CancellationToken.None);
            }
        }
    }

    private async Task DeployAsync(List<string> names, bool isFirst)
    {
        var candidate = new Candidate(
            site,
            ["shop.localhost"],
            "/src",
            [.. hasJobs ? Jobs() : [], .. names.Select((name, index) => Service(name, index, isFirst))]
        )
        {
            Protection = isProtected ? Rules() : null,
            Databases = outside.Cloud is null ? null : [Database(asked.Count)],
        };
        var deployment = await new FrontDoor(conductor, Ann).DeployAsync(
            candidate,
            approvedPlan: null,
            waits: random.Next(4) == 0,
            isProtected && approving.Next(8) == 0 ? "an emergency" : null,
            CancellationToken.None
        );
        asked.Add(deployment.Id);
    }

    private static Principal Ann { get; } = new(PrincipalKind.Person, "ann", "ann");

    private Protection? Rules() =>
        approving.Next(4) == 0
            ? null
            : new()
            {
                Approvals = approving.Next(1, 3),
                From = approving.Next(2) == 0 ? ["operator"] : [],
                Wait = approving.Next(5, 60).Seconds,
            };

    // Others look now and then, say yes or no, sometimes to a plan of before, sometimes twice; and Ann tries too.
    private async Task ApproversAsync()
    {
        while (!life.IsCancellationRequested)
        {
            await Task.Delay(approving.Next(200, 4_000).Milliseconds, time, CancellationToken.None);
            if (Deployments.FirstOrDefault(one => one.Phase == DeploymentPhase.AwaitingApproval) is not { } waiting)
            {
                continue;
            }
            var who =
                approving.Next(4) == 0 ? "ann"
                : approving.Next(2) == 0 ? "bob"
                : "eve";
            var record = Records.Read<SiteRecord>(store.Find(Records.Sites, site.ToString())!);
            var live = record.Live is { } number ? ReleaseOf(number) : null;
            var plan = approving.Next(5) == 0 ? "000000000000" : PlanDigest.Of(live, ReleaseOf(waiting.Release));
            var door = new FrontDoor(conductor, new(PrincipalKind.Person, who, who));
            var approval = new Approval(who, who, plan, ["operator"], world.Now, IsProved: false);
            await InsistAsync(() =>
                approving.Next(10) == 0
                    ? door.AskAsync(site, RequestKind.Reject, waiting.Id, "no", CancellationToken.None)
                    : door.ApproveAsync(waiting, approval, reason: null, CancellationToken.None)
            );
        }
    }

    // A load that goes up and down asks for more and fewer, at times for a number that is long gone.
    private async Task LoadsAsync()
    {
        while (stage == "people")
        {
            await Task.Delay(scaling.Next(100, 3_000).Milliseconds, time, CancellationToken.None);
            if (store.Find(Records.Sites, site.ToString()) is not { } document)
            {
                continue;
            }
            var record = Records.Read<SiteRecord>(document);
            var scaled = (record.Scaled ?? []).OrderBy(_ => scaling.Next()).FirstOrDefault();
            if (scaled is null || stage != "people")
            {
                continue;
            }
            var order = new ScaleOrder(
                scaled.Service,
                scaling.Next(8) == 0 ? scaling.Next(1, 6) : scaled.Replicas,
                scaling.Next(0, 8),
                "its load"
            );
            var request = new Request
            {
                Id = $"scale-{scaled.Service}",
                Site = site,
                Kind = RequestKind.Scale,
                Scale = order,
            };
            await InsistAsync(async () =>
            {
                await conductor.Ports.Store.CommitAsync(
                    new Change(conductor.Fence)
                    {
                        Writes = [new Write(Records.Requests, request.Key, Records.Body(request))],
                    },
                    CancellationToken.None
                );
                conductor.Wake(site);
            });
        }
    }

    // Somebody holds what rolls out, lets it go on, and at times forgets it.
    private async Task HoldersAsync()
    {
        while (stage == "people")
        {
            await Task.Delay(holding.Next(100, 4_000).Milliseconds, time, CancellationToken.None);
            if (Deployments.FirstOrDefault(one => one.Phase == DeploymentPhase.RollingOut) is not { } rolling)
            {
                continue;
            }
            var door = new FrontDoor(conductor, Ann);
            await InsistAsync(() =>
                holding.Next(3) == 0
                    ? door.AskAsync(site, RequestKind.Resume, rolling.Id, reason: null, CancellationToken.None)
                    : door.HoldAsync(rolling, holding.Next(1, 40).Seconds, "a look", CancellationToken.None)
            );
        }
    }

    private Release ReleaseOf(int number) =>
        Records.Read<Release>(store.Find(Records.Releases, $"{site}/{number:D8}")!);

    private CandidateService Service(string name, int index, bool isFirst)
    {
        IStrategy strategy = random.Next(4) switch
        {
            0 => new Canary
            {
                Shares = [10.Percent, 50.Percent],
                Hold = random.Next(1, 3).Seconds,
                Quiet = (Quiet)random.Next(3),
            },
            1 => new BlueGreen { Hold = random.Next(3).Seconds, Preview = random.Next(3).Seconds },
            2 => new Rolling
            {
                MaxSurge = random.Next(1, 3),
                MaxUnavailable = random.Next(2),
                Hold = random.Next(2).Seconds,
            },
            _ => new Recreate(),
        };
        var artifact = $"{name}-{random.Next(isFirst ? 1 : 4)}-{random.Next(3)}";
        if (!isFirst && random.Next(12) == 0)
        {
            outside.BrokenArtifacts.Add(artifact);
        }
        TimeSpan? idle = index < 2 && random.Next(3) == 0 ? random.Next(1, 5).Seconds : null;
        if (idle is { } least)
        {
            outside.Sleepers[name] = least;
        }
        return new CandidateService(
            new Service
            {
                Idle = idle,
                Name = name,
                Kind = index == 2 ? Kind.Worker : Kind.Api,
                Path = name,
                Recipe = new() { Stack = "custom", Run = ["./run"] },
                Health = new() { StartGrace = 2.Seconds },
                Replicas = Replicas(out var scale),
                Scale = scale,
                Routes = index == 2 ? [] : [$"/{name}"],
                StopGrace = 1.Seconds,
                Drain = random.Next(1, 4).Seconds,
                Keep = random.Next(0, 8).Seconds,
                IsExclusive = strategy.IsExclusive,
                Traffic = index == 0 ? new() { Match = [new() { Header = "X-Beta" }] } : null,
            },
            artifact,
            AllStrategies.Choice(strategy)
        );
    }

    // Another tool's folder that changed with each release.
    private static Database Database(int version) =>
        new()
        {
            Name = "db",
            Kind = DatabaseKind.Sqlite,
            Path = "/db",
            Rds = new() { Name = "shop-db" },
            Migrations = new()
            {
                Tool = "command",
                Command = ["./migrate"],
                Folder = "m",
                Digest = $"{version}",
            },
        };

    private IEnumerable<CandidateService> Jobs()
    {
        JobSchedule[] schedules =
        [
            new("* * * * *", "UTC") { Overlap = (Overlap)working.Next(3) },
            new("*/2 * * * *", "UTC") { Missed = MissedRun.Skip },
        ];
        foreach (var (name, schedule) in new[] { ("setup", null), ("tick", schedules[working.Next(2)]) })
        {
            var service = new Service
            {
                Name = name,
                Kind = Kind.Job,
                Path = name,
                Recipe = new() { Stack = "custom", Run = ["./run"] },
                Health = new(),
                Replicas = 0,
                StopGrace = 1.Seconds,
                Job = new() { Schedule = schedule, Timeout = 2.Minutes },
            };
            yield return new(service, $"{name}-{working.Next(3)}", AllStrategies.Choice(new Recreate()));
        }
    }

    private int Replicas(out ScaleRules? scale)
    {
        var replicas = random.Next(1, 4);
        scale =
            isScaled && scaling.Next(3) > 0
                ? new()
                {
                    Min = replicas,
                    Max = replicas + scaling.Next(1, 4),
                    Requests = 50,
                }
                : null;
        return replicas;
    }

    private async Task InterfereAsync(int choice)
    {
        var door = new FrontDoor(conductor);
        var record = store.Find(Records.Sites, site.ToString()) is { } document
            ? Records.Read<SiteRecord>(document)
            : new SiteRecord(site);
        switch (choice)
        {
            case 0:
                await door.AskAsync(site, RequestKind.Abort, null, "abort", CancellationToken.None);
                break;
            case 1:
                await door.AskAsync(site, RequestKind.Promote, null, "promote", CancellationToken.None);
                break;
            default:
                if (record.Previous is { } previous)
                {
                    asked.Add((await door.RollbackAsync(site, previous, CancellationToken.None)).Id);
                }
                break;
        }
    }

    // Until every deployment is over, what was kept warm has cooled, and nothing moves any more.
    private async Task QuietAsync()
    {
        while (!Deployments.All(one => one.Phase.IsOver) || store.All(Records.Requests).Any())
        {
            await Task.Delay(1.Seconds, time, CancellationToken.None);
        }
        await Task.Delay(25.Seconds, time, CancellationToken.None);
    }

    private void CheckEnd()
    {
        var violations = outside.Violations;
        var record = Records.Read<SiteRecord>(store.Find(Records.Sites, site.ToString())!);
        var released = record.Live is { } live ? ReleaseOf(live) : null;
        var shape = Shape.Of(Counts.Of(released, record, released));
        var mayRun = shape.Services.Where(one => !IsAsleep(one)).ToList();
        foreach (
            var one in shape
                .Services.Where(IsAsleep)
                .Where(one => outside.Routing.Find(one.Service) is { IsAsleep: false })
        )
        {
            violations.Add($"at the end {one.Service} was awake, and nobody asked for it");
        }
        var wanted =
            from service in mayRun
            from holding in service.Holdings
            from slot in Enumerable.Range(0, holding.Replicas)
            select new InstanceKey(site, holding.Part, slot).ToString();
        var running = outside
            .Replicas.Where(static one => one.Value.Order.Service.Job is null)
            .Select(static one => one.Key)
            .Select(key => key.ToString())
            .Order(StringComparer.Ordinal);
        var isDead = shape.Services.Any(one => one.Holdings.Any(holding => IsDead(holding.Part)));
        if (!isDead && !wanted.Order(StringComparer.Ordinal).SequenceEqual(running))
        {
            violations.Add($"at the end [{string.Join(", ", running)}] ran, but {record.Live} is live");
        }
        foreach (var whole in mayRun.SelectMany(one => one.Holdings).Where(one => one.Share == Share.All))
        {
            if (!IsDead(whole.Part) && outside.Routing.Find(whole.Part.Service)?.Find(whole.Part)?.Share != Share.All)
            {
                violations.Add($"at the end {whole.Part} did not have all traffic");
            }
        }
        violations.AddRange(
            from deployment in Deployments
            where deployment.Phase == DeploymentPhase.Promoted
            where deployment.Verdicts.Any(verdict => verdict.Ruling == Ruling.Broken)
            select $"{deployment} was promoted with a broken gate"
        );
        violations.AddRange(
            from deployment in Deployments
            where deployment.EndedAt > deployment.Deadline + 2.Minutes
            select $"{deployment} ended {deployment.EndedAt - deployment.Deadline} after its deadline"
        );
        CheckApprovals(violations);
        CheckScaling(violations);
        CheckHolds(violations);
        CheckJobs(violations, record);
        CheckSnapshots(violations);
        violations.AddRange(
            from id in asked
            where !Deployments.Any(one => one.Id == id)
            select $"deployment {id} was acknowledged and lost"
        );
    }

    private void CheckHolds(List<string> violations)
    {
        var held = new HashSet<string>();
        foreach (var entry in store.Journal.Where(static one => one.Deployment is not null))
        {
            switch (entry.Kind)
            {
                case "held":
                    held.Add(entry.Deployment!);
                    break;
                case "resumed" or "hurried" or "taking-back":
                    held.Remove(entry.Deployment!);
                    break;
                case "step" or "ended" when held.Contains(entry.Deployment!):
                    violations.Add($"'{entry.Text}' came while {entry.Deployment} was held");
                    break;
            }
        }
    }

    private void CheckJobs(List<string> violations, SiteRecord record)
    {
        JobRun[] over = [.. store.All(JobRun.Collection).Select(Records.Read<JobRun>)];
        violations.AddRange(
            from due in over.Where(static one => one.Due is not null).GroupBy(static one => (one.Service, one.Due))
            where due.Count() > 1
            select $"{due.Key} was dealt with {due.Count()} times"
        );
        violations.AddRange(
            from run in over
            where run.State == RunState.Succeeded && !outside.Done.Contains(run.Instance)
            select $"{run} is told as done, and was not"
        );
        string[] known =
        [
            .. over.Concat((record.Jobs ?? []).SelectMany(static one => one.Open))
                .Select(static one => one.Instance.ToString()),
        ];
        violations.AddRange(
            outside
                .Begun.Keys.Select(static one => one.ToString())
                .Except(known)
                .Select(one => $"{one} ran, and nobody knows")
        );
        violations.AddRange(
            from deployment in Deployments
            where hasJobs && deployment is { Phase: DeploymentPhase.Promoted, IsRollback: false }
            where over.Count(one => one.For == deployment.Id && one.State == RunState.Succeeded) != 1
            select $"{deployment} is live, and its job was not done once"
        );
        // Nothing is under way for ever: of what was asked for by a release all is over.
        violations.AddRange(
            from open in (record.Jobs ?? []).SelectMany(static one => one.Open)
            where open.Cause == RunCause.Release
            select $"at the end {open} was open"
        );
    }

    private void CheckSnapshots(List<string> violations)
    {
        if (outside.Cloud is not { } cloud)
        {
            return;
        }
        violations.AddRange(
            from deployment in Deployments
            where deployment is { Phase: DeploymentPhase.Promoted, IsRollback: false }
            where deployment.Snapshots is not [{ Name: var name }] || name != SimulatedCloud.NameOf(deployment.Id)
            select $"{deployment} is live, and does not know its one snapshot"
        );
        violations.AddRange(
            from deployment in Deployments
            where cloud.HasFailed(deployment.Id)
            where deployment.Phase is DeploymentPhase.Promoted || deployment.Snapshots is not null
            select $"{deployment} went on without its snapshot"
        );
    }

    private void CheckScaling(List<string> violations)
    {
        string? rolledOut = null;
        foreach (var entry in store.Journal)
        {
            rolledOut = entry.Kind switch
            {
                "planned" => entry.Deployment,
                "ended" when entry.Deployment == rolledOut => null,
                _ => rolledOut,
            };
            if (entry.Kind == "scaled" && rolledOut is not null)
            {
                violations.Add($"'{entry.Text}' came in the midst of the rollout {rolledOut}");
            }
        }
    }

    private void CheckApprovals(List<string> violations)
    {
        violations.AddRange(
            from deployment in Deployments
            where store.Journal.Any(entry => entry.Deployment == deployment.Id && entry.Kind == "planned")
            where deployment is { IsRollback: false, BrokenGlass: null }
            let needed = ReleaseOf(deployment.Release).Protection?.Approvals ?? 0
            let given = deployment.Approvals.Where(one => one.By != "ann" && one.Plan != "000000000000")
            where given.DistinctBy(one => one.By).Count() < needed
            select $"{deployment} was rolled out with {given.Count()} of {needed} approvals"
        );
        violations.AddRange(
            from deployment in Deployments
            where deployment.Approvals.Any(one => one.By == "ann" || one.Plan == "000000000000")
            select $"{deployment} has an approval that counts for nothing"
        );
    }

    private bool IsAsleep(ServiceShape service) =>
        outside.SleepersAreAsked is false && service.Holdings.Any(one => one.Of.Service.Idle is not null);

    // A live part that cannot run is not the engine's fault, and nothing can be promised of it.
    private bool IsDead(Part part) => outside.BehaviourOf(part) is not (Behaviour.Healthy or Behaviour.Errors);

    // Not CancelAsync: that would go on in another thread, outside the simulation.
    private static void End(CancellationTokenSource source) => source.Cancel();

    private Conductor NewConductor() =>
        new(
            new EnginePorts(
                world,
                new FaultyStore(store, faults),
                outside,
                outside,
                outside,
                outside,
                "http://127.0.0.1:8079"
            )
            {
                Snapshots = outside.Cloud?.NewServer(),
            },
            "simulated",
            NullLogger<Conductor>.Instance
        );
}
