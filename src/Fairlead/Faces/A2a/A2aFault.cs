using System.Text.Json.Nodes;
using Fairlead.Model.Problems;

namespace Fairlead.Faces.A2a;

/// <summary>A request that is answered with an error of the protocol.</summary>
/// <param name="code">Of JSON-RPC.</param>
/// <param name="status">Of HTTP.</param>
/// <param name="reason">As the protocol calls it in <c>ErrorInfo</c>; empty for JSON-RPC's own.</param>
internal sealed class A2aFault(int code, int status, string reason, string message) : Exception(message)
{
    private const string Domain = "a2a-protocol.org";

    public int Code { get; } = code;

    public int Status { get; } = status;

    public static A2aFault NoTask(string id) => new(-32001, 404, "TASK_NOT_FOUND", $"Task not found: {id}");

    public static A2aFault NotCancelable() => new(-32002, 409, "TASK_NOT_CANCELABLE", "The task is over.");

    public static A2aFault NoSuchType() =>
        new(
            -32005,
            415,
            "CONTENT_TYPE_NOT_SUPPORTED",
            "Only parts of application/json (data) and text/plain (text) are understood here."
        );

    public static A2aFault Unsupported(string why) => new(-32004, 400, "UNSUPPORTED_OPERATION", why);

    /// <summary>What was refused outside of any task.</summary>
    public static A2aFault Of(Problem problem) =>
        problem.Trouble is Trouble.WrongUse
            ? Invalid($"{problem.What} {problem.Why} {problem.Fix}")
            : Unsupported($"{problem.What} {problem.Why}");

    public static A2aFault NoVersion(string version) =>
        new(
            -32009,
            400,
            "VERSION_NOT_SUPPORTED",
            $"Version '{version}' is not supported, only {A2aWords.Version}. Say it in the header A2A-Version."
        );

    public static A2aFault Invalid(string why) => new(-32602, 400, "", why);

    public static A2aFault NoMethod(string method) => new(-32601, 404, "", $"Method not found: {method}");

    public static A2aFault NotJson() => new(-32700, 400, "", "The body is no JSON.");

    public static A2aFault NoRequest() => new(-32600, 400, "", "The body is no request of JSON-RPC 2.0.");

    /// <summary>As JSON-RPC writes it.</summary>
    public JsonObject Rpc() =>
        new()
        {
            ["code"] = Code,
            ["message"] = Message,
            ["data"] = Details(),
        };

    /// <summary>As HTTP+JSON writes it (AIP-193).</summary>
    public JsonObject Http() =>
        new()
        {
            ["error"] = new JsonObject
            {
                ["code"] = Status,
                ["status"] =
                    Status is 404 ? "NOT_FOUND"
                    : Status is 409 ? "FAILED_PRECONDITION"
                    : Code is -32004 or -32009 ? "UNIMPLEMENTED"
                    : "INVALID_ARGUMENT",
                ["message"] = Message,
                ["details"] = Details(),
            },
        };

    private JsonArray Details() =>
        reason.Length == 0
            ? []
            : new(
                new JsonObject
                {
                    ["@type"] = "type.googleapis.com/google.rpc.ErrorInfo",
                    ["reason"] = reason,
                    ["domain"] = Domain,
                }
            );
}
