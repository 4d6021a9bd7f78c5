using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>The program and arguments that a task is.</summary>
internal static class TaskWords
{
    /// <returns>Null for what this program cannot do.</returns>
    public static IReadOnlyList<string>? Of(Act act, Func<string, string> fill, IReadOnlyList<string> self) =>
        act switch
        {
            // Where a run goes on, Fairlead is: the one that runs it.
            Act.Command(["fairlead", ..] and var words) => [.. self, .. words.Skip(1).Select(fill)],
            Act.Command(var words) => [.. words.Select(fill)],
            Act.Script(var shell, var text) => [.. Shell(shell), fill(text)],
            Act.Deploy(var environment) => [.. self, "deploy", "--env", environment],
            _ => null,
        };

    // A script ends at the first command that fails; of bash, in a pipe too.
    private static IReadOnlyList<string> Shell(string shell) =>
        shell switch
        {
            "bash" => ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"],
            "sh" or "dash" or "ash" or "zsh" => [shell, "-e", "-c"],
            "node" => ["node", "-e"],
            "pwsh" or "powershell" => [shell, "-NoProfile", "-NonInteractive", "-Command"],
            _ => [shell, "-c"],
        };
}
