using Fairlead.Engine.Manifests.Detecting.Reading;
using Fairlead.Engine.Manifests.Detecting.Stacks;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Detecting;

/// <summary>
/// The processes that an author has named, one a line: <c>web: gunicorn shop.wsgi --bind 0.0.0.0:$PORT</c>. They say how a
/// folder is run; what it is built with is still found by the rules.
/// </summary>
internal static class Procfile
{
    public const string FileName = "Procfile";

    private const int ProcessesMax = 20;

    // Heroku runs it once before a release; it is no process that goes on.
    private const string Release = "release";

    public static IReadOnlyList<NamedProcess> Read(Sight sight)
    {
        List<NamedProcess> processes = [];
        var lines = sight.Lines(FileName);
        for (var at = 0; at < lines.Count && processes.Count < ProcessesMax; at++)
        {
            var colon = lines[at].IndexOf(':', StringComparison.Ordinal);
            var name = colon > 0 ? lines[at][..colon].Trim() : "";
            var command = lines[at][(colon + 1)..].Trim();
            if (
                name.Length > 0
                && command.Length > 0
                && name != Release
                && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
            )
            {
                processes.Add(new(name, command, at + 1));
            }
        }
        return processes;
    }

    /// <summary>The one that stands for its folder.</summary>
    public static NamedProcess? Main(IReadOnlyList<NamedProcess> processes) =>
        processes.FirstOrDefault(one => one.Name == "web") ?? (processes is [var first, ..] ? first : null);

    /// <summary>The folder run as the process says; what a build moves elsewhere keeps its own command.</summary>
    public static Detected Apply(Detected detected, NamedProcess process)
    {
        var isWeb = process.Name == "web";
        if (detected.Recipe is not { Output: ".", Run.Count: > 0 })
        {
            var says = $"says '{process.Command}', which is not used: the build puts the program elsewhere";
            return detected with { Evidence = [.. detected.Evidence, new(FileName, process.Line, says)] };
        }
        var words = Words(process);
        var run = detected.Recipe.Build.Any(command =>
            command.Contains(".venv/bin/python") || command[0] is "uv" or "poetry"
        )
            ? PythonRecipes.Within(words)
            : words;
        return detected with
        {
            Kind =
                !isWeb ? Kind.Worker
                : detected.Kind is Kind.Web or Kind.Api ? detected.Kind
                : Kind.Web,
            Recipe = detected.Recipe with { Run = run },
            HealthPath = isWeb ? detected.HealthPath : null,
            Port = isWeb && !process.Command.Contains("PORT", StringComparison.Ordinal) ? detected.Port : null,
            Evidence = [new(FileName, process.Line, $"runs it by '{process.Command}'"), .. detected.Evidence],
        };
    }

    /// <summary>A folder of which only its Procfile tells anything.</summary>
    public static Detected Alone(NamedProcess process)
    {
        var words = Words(process);
        var recipe = new Recipe
        {
            Stack = "procfile",
            Needs = words[0].Contains('/', StringComparison.Ordinal) ? [] : [words[0]],
            Output = ".",
            Run = words,
        };
        var kind = process.Name == "web" ? Kind.Web : Kind.Worker;
        return new(
            "procfile",
            kind,
            recipe,
            null,
            null,
            [new(FileName, process.Line, $"runs it by '{process.Command}'")]
        );
    }

    // A Procfile's lines are written for a shell; where one is needed, it gets what its author wrote for it.
    private static IReadOnlyList<string> Words(NamedProcess process) =>
        CommandText.Words(process.Command) ?? ["sh", "-c", process.Command];
}

/// <summary>A line of a Procfile.</summary>
internal sealed record NamedProcess(string Name, string Command, int Line);
