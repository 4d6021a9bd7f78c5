using System.Globalization;
using Fairlead.Drivers.State;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Roles;

/// <summary>Runs as one role: <c>fairlead role edge --state FOLDER</c>, typed by the parent alone.</summary>
internal static class RoleMain
{
    /// <summary>Names the inherited sockets: <c>public:3,internal:4</c>.</summary>
    public const string ListenVariable = "FAIRLEAD_LISTEN";

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> words, World world, CancellationToken stop)
    {
        using var logs = new LineLogs(
            Console.Error,
            world.Clock,
            LineLogs.LevelOf(Environment.GetEnvironmentVariable("FAIRLEAD_LOG"))
        );
        if (words is not [_, var name, "--state", var folder] || !AllRoles.Entries.TryGetValue(name, out var role))
        {
            await Console.Error.WriteLineAsync("Roles are started by 'fairlead up'.");
            return (int)Trouble.WrongUse;
        }
        var state = new StateFolder(Path.GetFullPath(folder));
        var listeners = Listeners(Environment.GetEnvironmentVariable(ListenVariable) ?? "");
        var log = logs.CreateLogger($"Fairlead.Role.{name}");
        try
        {
            return await role(new RoleContext(state, world, listeners, logs), stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        catch (ProblemException caught)
        {
            log.RoleEnds(name, caught.Problem);
            return (int)caught.Problem.Trouble;
        }
        catch (Exception caught)
        {
            log.RoleFailed(caught, name);
            return (int)Trouble.Failed;
        }
    }

    internal static IReadOnlyDictionary<string, int> Listeners(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(one => one.Split(':'))
            .ToDictionary(one => one[0], one => int.Parse(one[1], CultureInfo.InvariantCulture));
}
