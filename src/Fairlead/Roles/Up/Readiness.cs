using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Model.Problems;

namespace Fairlead.Roles.Up;

/// <summary>Whether roles answer, asked on their sockets.</summary>
internal static class Readiness
{
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks a role's health endpoint, once.</summary>
    public static async Task<bool> AsksAsync(UpContext context, string role, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(AnswerMax, context.World.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        using var client = context.Client(role);
        try
        {
            await client.GetAsync<JsonNode>(role is "server" ? "/healthz" : "/health", both.Token);
            return true;
        }
        catch (JsonException)
        {
            // It answered 200 with something that is no JSON: it lives.
            return true;
        }
        catch (Exception caught) when (caught is ProblemException or OperationCanceledException)
        {
            stop.ThrowIfCancellationRequested();
            return false;
        }
    }

    /// <summary>Waits until all roles answer.</summary>
    /// <returns>The roles that did not, when the time was over.</returns>
    public static async Task<IReadOnlyList<string>> WaitAsync(
        UpContext context,
        IReadOnlyList<string> roles,
        TimeSpan patience,
        CancellationToken stop
    )
    {
        var deadline = context.World.Now + patience;
        var missing = roles;
        while (true)
        {
            var still = new List<string>();
            foreach (var role in missing)
            {
                if (!await context.IsReadyAsync(context, role, stop))
                {
                    still.Add(role);
                }
            }
            missing = still;
            if (missing.Count == 0 || context.World.Now >= deadline)
            {
                return missing;
            }
            await Task.Delay(Pause, context.World.Clock, stop);
        }
    }
}
