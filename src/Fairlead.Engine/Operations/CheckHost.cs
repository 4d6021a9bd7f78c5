using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Compliance;
using Fairlead.Engine.Guarding.Compliance.Host;

namespace Fairlead.Engine.Operations;

/// <summary>Says how the machine that Fairlead runs on is set up. Reads only.</summary>
public static class CheckHost
{
    public sealed record Input
    {
        [Description("Only checks in this state.")]
        public ControlState? Only { get; init; }
    }

    /// <param name="Why">What was seen.</param>
    /// <param name="Todo">What to do; empty when it is well.</param>
    public sealed record Row(string Check, ControlState State, string Why, string Todo);

    public sealed record Output(DateTimeOffset MeasuredAt, string Summary, IReadOnlyList<Row> Checks);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "host.check",
            "Check how the machine is set up: account, keys, kernel, SSH, updates, disks and doors.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead host check --only failing"],
            Needs = Need.OfAll(Permission.Audit),
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var seen = HostDesk.Look(engine);
        List<Row> rows =
        [
            .. AllHostChecks.Entries.Select(check =>
                RowOf(check, seen?.GetValueOrDefault(check.Name) ?? new Measured.Unknown("Nothing looks here.", ""))
            ),
        ];
        return Task.FromResult(
            new Output(
                engine.World.Now,
                string.Join(
                    ", ",
                    rows.GroupBy(static row => row.State)
                        .OrderBy(static group => group.Key)
                        .Select(static group => $"{group.Count()} {group.Key.ToString().ToLowerInvariant()}")
                ),
                [.. rows.Where(row => input.Only is null || row.State == input.Only)]
            )
        );
    }

    private static Row RowOf(HostCheck check, Measured answer) =>
        answer switch
        {
            Measured.Fails fails => new(check.Name, ControlState.Failing, fails.Text, fails.Fix),
            Measured.Unknown unknown => new(check.Name, ControlState.Unknown, unknown.Text, unknown.Fix),
            var holds => new(check.Name, ControlState.Fresh, holds.Text, ""),
        };
}
