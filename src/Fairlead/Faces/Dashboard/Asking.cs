using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Operations;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Faces.Dashboard;

/// <summary>
/// Asks operations for one page, through the gate and as whoever looks: a page can show nothing that its viewer could not ask for on the
/// command line, and no other number.
/// </summary>
/// <param name="ask">Has an operation done.</param>
/// <param name="may">Whether the viewer may ask for it; nothing is written down of the question.</param>
public sealed class Asking(
    Func<Operation, JsonObject, CancellationToken, Task<JsonNode>> ask,
    Func<Operation, JsonObject, CancellationToken, Task<bool>> may,
    Principal caller,
    World world
)
{
    /// <summary>Of a page in a browser.</summary>
    public Asking(Gatekeeper gatekeeper, Principal caller, World world)
        : this(
            (operation, input, stop) => gatekeeper.RunAsync(operation, input, caller, stop),
            (operation, input, stop) => gatekeeper.MayAsync(operation, input, caller, stop),
            caller,
            world
        ) { }

    // Answers grow with later versions; what a page does not know of, it does not show.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    private readonly List<Question> asked = [];

    public Principal Caller => caller;

    public DateTimeOffset Now => world.Now;

    /// <summary>What was asked so far, with the answers as the API gives them.</summary>
    public IReadOnlyList<Question> Asked => asked;

    /// <summary>The answer of an operation.</summary>
    /// <exception cref="ProblemException">The viewer may not ask it, or it could not be done.</exception>
    public async Task<T> AskAsync<T>(Operation operation, JsonObject input, CancellationToken stop)
    {
        var answer = await ask(operation, (JsonObject)input.DeepClone(), stop);
        asked.Add(new(operation, input, answer));
        return answer.Deserialize<T>(Json)!; // An operation never answers with null.
    }

    /// <summary>The answer of an operation that its page can do without; null where the viewer may not ask it, or it has none.</summary>
    public async Task<T?> TryAsync<T>(Operation operation, JsonObject input, CancellationToken stop)
        where T : class
    {
        if (!await MayAsync(operation, input, stop))
        {
            return null;
        }
        try
        {
            return await AskAsync<T>(operation, input, stop);
        }
        catch (ProblemException)
        {
            return null;
        }
    }

    /// <summary>Whether the viewer may ask for an operation; nothing is written down of the question.</summary>
    public Task<bool> MayAsync(Operation operation, JsonObject input, CancellationToken stop) =>
        may(operation, input, stop);
}

/// <summary>An operation that a page asked.</summary>
/// <param name="Answer">As the API gives it.</param>
public sealed record Question(Operation Operation, JsonObject Input, JsonNode Answer)
{
    /// <summary>The command that asks the same.</summary>
    public string Command => CommandText.Of(Operation, Input);
}
