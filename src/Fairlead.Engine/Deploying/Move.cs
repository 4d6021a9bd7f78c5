using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying;

/// <summary>One effect on the world. The set is closed; each may be done twice.</summary>
public abstract record Move
{
    private Move() { }

    public sealed record Ensure(InstanceOrder Order) : Move
    {
        public override string ToString() => $"start {Text(Order.Key)}";
    }

    public sealed record Apply(Routing Routing) : Move
    {
        public override string ToString() => $"route {string.Join("; ", Routing.Services.Select(Text))}";

        private static string Text(ServiceRouting service) =>
            service.IsHeld ? $"{service.Service} held"
            : service.IsAsleep ? $"{service.Service} asleep"
            : string.Join(
                ", ",
                service.Backends.Select(backend =>
                    $"{backend.Share} {backend.Part} x{backend.Destinations.Count}"
                    + (backend.PreviewHost is null ? "" : $" (preview {backend.PreviewHost})")
                )
            );
    }

    public sealed record Cut(InstanceKey Key) : Move
    {
        public override string ToString() => $"cut what is still in flight to {Text(Key)}";
    }

    public sealed record Stop(InstanceKey Key) : Move
    {
        public override string ToString() => $"stop {Text(Key)}";
    }

    public sealed record Build(ReleasedService Service) : Move
    {
        public override string ToString() => $"build {Service.Part}";
    }

    public sealed record RunGate(Gate Gate, Part Part, string Key) : Move
    {
        public override string ToString() => $"run {Gate} on {Part}";
    }

    /// <summary>Begins what a step does to a database, as a command of this program's own.</summary>
    public sealed record BeginOnDatabase(Step Step, string Key) : Move
    {
        public override string ToString() => $"begin to {Step}";
    }

    /// <summary>Has a snapshot of a database taken, or finds it.</summary>
    public sealed record BeginSnapshot(SnapshotOrder Order) : Move
    {
        public override string ToString() => $"have a snapshot taken of {Order.Place}";
    }

    /// <summary>Begins a run of a job, or finds it.</summary>
    public sealed record BeginRun(InstanceOrder Order) : Move
    {
        public override string ToString() => $"begin {Text(Order.Key)}";
    }

    /// <summary>Ends a run of a job, or forgets one that has ended.</summary>
    public sealed record EndRun(InstanceKey Key) : Move
    {
        public override string ToString() => $"end {Text(Key)}";
    }

    private static string Text(InstanceKey key) => $"{key.Part}#{key.Slot}";
}
