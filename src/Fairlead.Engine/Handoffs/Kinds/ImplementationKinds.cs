using System.Globalization;

namespace Fairlead.Engine.Handoffs.Kinds;

/// <summary>What a release needs to run, checked against its manifest before anything is built.</summary>
public sealed record DeploymentRequirements : HandoffBody
{
    /// <summary>What each service needs.</summary>
    public required IReadOnlyList<Needed> Services { get; init; }

    /// <param name="Health">It says when it is well: a path, a port or a command.</param>
    /// <param name="ReplicasMin">0 for any number.</param>
    /// <param name="MemoryMibMin">The least limit of memory, in MiB; 0 for any.</param>
    /// <param name="Uses">Services that it has to be told of.</param>
    public sealed record Needed(
        string Service,
        bool Health = false,
        int ReplicasMin = 0,
        int MemoryMibMin = 0,
        IReadOnlyList<string>? Uses = null
    );

    public override IEnumerable<string> Effects() =>
        Services.Select(static one =>
            $"no release goes out unless {one.Service} is in it"
            + (one.Health ? ", says when it is well" : "")
            + (one.ReplicasMin > 0 ? $", has {one.ReplicasMin} replicas or more" : "")
            + (one.MemoryMibMin > 0 ? $", may use {one.MemoryMibMin} MiB" : "")
        );

    public override void Compile(HandoffCompile compile)
    {
        foreach (var one in Services)
        {
            if (compile.Find(one.Service)?.Service is not { } service)
            {
                continue;
            }
            var name = service.Name;
            if (one.Health && service.Health is { Http: null, Tcp: false, Command.Count: 0 })
            {
                compile.Block($"{name} does not say when it is well", $"Add services.{name}.health to the manifest.");
            }
            if (service.Replicas < one.ReplicasMin)
            {
                compile.Block(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{name} has {service.Replicas} replicas, and {one.ReplicasMin} are needed"
                    ),
                    $"Set services.{name}.replicas in the manifest."
                );
            }
            if (service.Limits.Memory is { } memory && memory >> 20 < one.MemoryMibMin)
            {
                compile.Block(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{name} may use {memory >> 20} MiB, and {one.MemoryMibMin} are needed"
                    ),
                    $"Raise services.{name}.limits.memory in the manifest."
                );
            }
            if ((one.Uses ?? []).Except(service.Uses, StringComparer.Ordinal).ToList() is { Count: > 0 } missing)
            {
                compile.Block(
                    $"{name} is not told of {string.Join(", ", missing)}",
                    $"Add them to services.{name}.uses."
                );
            }
        }
    }
}

/// <summary>The variables and secrets that a service takes; what is missing, or is there and should not be, blocks.</summary>
public sealed record EnvironmentContract : HandoffBody
{
    public required string Service { get; init; }

    /// <summary>Variables that must be there.</summary>
    public IReadOnlyList<string> Variables { get; init; } = [];

    /// <summary>Variables that must be there and be secrets.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>Variables that may be there.</summary>
    public IReadOnlyList<string> Optional { get; init; } = [];

    /// <summary>Whether others may be there, too.</summary>
    public bool Open { get; init; }

    public override IEnumerable<string> Effects() =>
        Variables
            .Concat(Secrets)
            .Select(one => $"no release goes out in which {Service} has no {one}")
            .Concat(Open ? [] : [$"no release goes out in which {Service} has a variable that nobody named"]);

    public override void Compile(HandoffCompile compile)
    {
        if (compile.Find(Service)?.Service is not { } service)
        {
            return;
        }
        var secrets = (service.Secrets ?? []).Select(static one => one.Variable).ToHashSet(StringComparer.Ordinal);
        foreach (var name in Variables.Where(one => !service.Env.ContainsKey(one) && !secrets.Contains(one)))
        {
            compile.Block(
                $"{Service} has no variable {name}",
                $"Set it: services.{Service}.env.{name} in the manifest."
            );
        }
        foreach (var name in Secrets.Where(one => !secrets.Contains(one)))
        {
            compile.Block(
                service.Env.ContainsKey(name)
                    ? $"{Service} has {name} in the clear, and it is a secret"
                    : $"{Service} has no secret {name}",
                $"Keep it as a secret: fairlead secret set {name}, and services.{Service}.secrets in the manifest."
            );
        }
        var known = Variables.Concat(Secrets).Concat(Optional).ToHashSet(StringComparer.Ordinal);
        foreach (var name in Open ? [] : service.Env.Keys.Concat(secrets).Where(one => !known.Contains(one)))
        {
            compile.Block(
                $"{Service} has {name}, which the contract does not name",
                "Remove it, or hand over a contract that names it."
            );
        }
    }
}

/// <summary>How data changes: in which order, and what must have been proven before.</summary>
public sealed record MigrationPlan : HandoffBody
{
    /// <summary>The service that changes the data; it goes out before all others.</summary>
    public required string Service { get; init; }

    /// <summary>Whether the release before can work with the data as it is afterwards.</summary>
    public bool Reversible { get; init; } = true;

    /// <summary>A result of this gate, not older than a day, must say that a backup was made; null for none.</summary>
    public string? BackupGate { get; init; }

    private static readonly TimeSpan BackupGood = TimeSpan.FromDays(1);

    public override string? Fault() =>
        !Reversible && BackupGate is null ? "a migration that cannot be taken back needs 'backupGate'" : null;

    public override IEnumerable<string> Effects() =>
        BackupGate is null
            ? [$"{Service} goes out before all others"]
            :
            [
                $"{Service} goes out before all others",
                $"no release goes out without a passed result of '{BackupGate}' of the last day",
            ];

    public override void Compile(HandoffCompile compile)
    {
        if (compile.Find(Service) is not { } first)
        {
            return;
        }
        compile.Candidate = compile.Candidate with
        {
            Services = [first, .. compile.Candidate.Services.Where(one => one.Service.Name != Service)],
        };
        if (
            BackupGate is { } gate
            && !(
                compile.Results.TryGetValue(gate, out var result)
                && result.Passed
                && compile.Now - result.At < BackupGood
            )
        )
        {
            compile.Block(
                $"there is no passed result of '{gate}' of the last day",
                "Make a backup and hand over its gate-result."
            );
        }
    }
}
