using System.Text;
using System.Text.Json;

namespace Fairlead.Engine.Manifests.ComposeFiles.Importing;

/// <summary>
/// What a Dockerfile says about how its image runs: the last stage's image, or that of the stage asked for, with its commands.
/// <code>
/// FROM node:22-slim AS build
/// FROM build
/// EXPOSE 3000/tcp
/// CMD ["node", "server.js"]
/// </code>
/// </summary>
internal sealed record Dockerfile
{
    private const int LinesMax = 5_000;

    /// <summary>The image below all stages; null when it is built from nothing, or named by a variable that has no value.</summary>
    public string? Base { get; private init; }

    public IReadOnlyList<string> Entrypoint { get; private init; } = [];

    public IReadOnlyList<string> Command { get; private init; } = [];

    public int? Port { get; private init; }

    public string? User { get; private init; }

    /// <param name="target">Null for the last stage.</param>
    /// <returns>Null when there is no such stage.</returns>
    public static Dockerfile? Read(string text, string? target)
    {
        var stages = new Dictionary<string, Dockerfile>(StringComparer.OrdinalIgnoreCase);
        var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
        Dockerfile? stage = null;
        string? name = null;
        foreach (var (word, rest) in Instructions(text))
        {
            if (word == "FROM")
            {
                Keep();
                if (name is not null && string.Equals(name, target, StringComparison.OrdinalIgnoreCase))
                {
                    return stage;
                }
                var words = rest.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Where(static one => !one.StartsWith("--", StringComparison.Ordinal))
                    .ToList();
                name =
                    words is [_, var between, var said, ..] && between.Equals("AS", StringComparison.OrdinalIgnoreCase)
                        ? said
                        : null;
                var (image, _, fault) = new Reading.Interpolation(arguments).Fill(words.FirstOrDefault() ?? "");
                stage =
                    fault is null && stages.TryGetValue(image, out var known)
                        ? known
                        : new()
                        {
                            Base =
                                fault is null
                                && image is not ("" or "scratch")
                                && !image.Contains('$', StringComparison.Ordinal)
                                    ? image
                                    : null,
                        };
            }
            else if (word == "ARG" && rest.Split('=', 2) is [var argument, var value])
            {
                arguments[argument.Trim()] = value.Trim().Trim('"', '\'');
            }
            else
            {
                stage = stage is null ? null : After(stage, word, rest);
            }
        }
        Keep();
        return target is null ? stage : stages.GetValueOrDefault(target);

        void Keep()
        {
            if (name is not null && stage is not null)
            {
                stages[name] = stage;
            }
        }
    }

    private static Dockerfile After(Dockerfile stage, string word, string rest) =>
        word switch
        {
            // A new entrypoint takes the command of the image below away.
            "ENTRYPOINT" => stage with { Entrypoint = Words(rest), Command = [] },
            "CMD" => stage with { Command = Words(rest) },
            "EXPOSE" => stage with { Port = stage.Port ?? ComposeValues.Whole(rest.Split(' ', '/')[0]) },
            "USER" => stage with { User = rest },
            _ => stage,
        };

    private static IReadOnlyList<string> Words(string rest)
    {
        if (rest.StartsWith('['))
        {
            try
            {
                return JsonSerializer.Deserialize<string[]>(rest) ?? [];
            }
            catch (JsonException)
            {
                // Docker takes a broken list for a command too.
            }
        }
        return CommandWords.Split(rest).Words ?? ["sh", "-c", rest];
    }

    private static IEnumerable<(string Word, string Said)> Instructions(string text)
    {
        var whole = new StringBuilder();
        foreach (var line in text.Split('\n').Take(LinesMax))
        {
            var trimmed = line.Trim();
            if (trimmed.StartsWith('#') || (trimmed.Length == 0 && whole.Length == 0))
            {
                continue;
            }
            if (trimmed.EndsWith('\\'))
            {
                whole.Append(trimmed.AsSpan(0, trimmed.Length - 1)).Append(' ');
                continue;
            }
            var instruction = whole.Append(trimmed).ToString();
            whole.Clear();
            if (instruction.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries) is [var word, var rest])
            {
                yield return (word.ToUpperInvariant(), rest.Trim());
            }
        }
    }
}
