using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Operations;

/// <summary>What operations on one error have in common.</summary>
internal static class ErrorGroups
{
    public static async Task<ErrorGroup> FindAsync(EngineContext engine, string id, CancellationToken stop) =>
        await engine.Server.Errors.FindAsync(Clean(id), stop) ?? throw new ProblemException(Unknown(id));

    public static async Task<ListErrors.View> ChangeAsync(
        EngineContext engine,
        string id,
        Func<ErrorGroup, ErrorGroup> change,
        CancellationToken stop
    ) =>
        ListErrors.Of(
            await engine.Server.Errors.ChangeAsync(Clean(id), change, stop) ?? throw new ProblemException(Unknown(id))
        );

    private static string Clean(string id) => id.Trim().ToLowerInvariant();

    private static Problem Unknown(string id) =>
        new(
            "error.unknown",
            What: $"There is no error {id}.",
            Why: "It has no such id, or it was not seen for so long that it was let go.",
            Fix: "List what there is: fairlead error list --status all"
        )
        {
            Trouble = Trouble.NotFound,
        };
}
