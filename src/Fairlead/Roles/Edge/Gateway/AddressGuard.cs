using Fairlead.Model.Apps;

namespace Fairlead.Roles.Edge.Gateway;

/// <summary>Turns away who comes from the wrong network or with a method that is not let in.</summary>
internal sealed class AddressGuard(Networks allowed, Networks denied, IReadOnlyList<string> methods) : IGuard
{
    private readonly string[] methods = [.. methods];
    private readonly string allow = string.Join(", ", methods);

    /// <summary>Null when everyone may come.</summary>
    public static AddressGuard? Of(GatewayPolicy policy) =>
        policy.Allow.Count + policy.Deny.Count + policy.Methods.Count == 0
            ? null
            : new(new Networks(policy.Allow), new Networks(policy.Deny), policy.Methods);

    public ValueTask<bool> AnswersAsync(Trip trip, CancellationToken stop)
    {
        if (trip.Door is Door.Internal)
        {
            return ValueTask.FromResult(false);
        }
        var client = trip.Http.Connection.RemoteIpAddress;
        if (denied.Contain(client) || (!allowed.IsEmpty && !allowed.Contain(client)))
        {
            return AnswerAsync(trip, StatusCodes.Status403Forbidden, "Your network may not come here.", stop);
        }
        if (methods.Length > 0 && !methods.Contains(trip.Http.Request.Method, StringComparer.Ordinal))
        {
            trip.Http.Response.Headers.Allow = allow;
            return AnswerAsync(trip, StatusCodes.Status405MethodNotAllowed, "This method is not let in.", stop);
        }
        return ValueTask.FromResult(false);
    }

    private static async ValueTask<bool> AnswerAsync(Trip trip, int status, string text, CancellationToken stop)
    {
        await Answers.WriteAsync(trip.Http, status, text, stop);
        return true;
    }
}
