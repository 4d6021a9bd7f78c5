using System.Text.Json.Nodes;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Operations;

/// <summary>Changes of who may do what: each is written down with who did it.</summary>
internal static class AccessWrites
{
    /// <param name="text">What was done, such as <c>team web has shop, blog</c>.</param>
    public static Task CommitAsync(EngineContext engine, string text, Write write, CancellationToken stop) =>
        CommitAsync(engine, text, [write], stop);

    /// <inheritdoc cref="CommitAsync(EngineContext, string, Write, CancellationToken)"/>
    public static Task CommitAsync(
        EngineContext engine,
        string text,
        IReadOnlyList<Write> writes,
        CancellationToken stop
    ) =>
        engine.Server.Store.CommitAsync(
            new Change(engine.Server.Conductor.Fence)
            {
                Entries =
                [
                    new NewEntry(
                        AccessBook.Platform,
                        Deployment: null,
                        "access",
                        $"{text}, by {engine.Caller}",
                        new JsonObject { ["by"] = engine.Caller.Written() }
                    ),
                ],
                Writes = writes,
            },
            stop
        );
}
