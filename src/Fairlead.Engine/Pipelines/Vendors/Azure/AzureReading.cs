using System.Text.RegularExpressions;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Pipelines.Sharding;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.Azure;

/// <summary>
/// Texts and conditions of one job in neutral words: what stands in <c>$(NAME)</c> there is filled in before anything reads it, as
/// what stands in <c>${{ }}</c> is here.
/// </summary>
internal sealed partial class AzureReading
{
    /// <summary>The folder that stands for the one where Azure gathers artifacts.</summary>
    public const string Staging = "artifact-staging";

    private static readonly string[] Sources =
    [
        "$(Build.SourcesDirectory)",
        "$(System.DefaultWorkingDirectory)",
        "$(Build.Repository.LocalPath)",
    ];

    private static readonly string[] Stagings = ["$(Build.ArtifactStagingDirectory)", "$(Build.StagingDirectory)"];

    /// <summary>Variables of Azure, and what they are here.</summary>
    private static readonly Dictionary<string, string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Build.SourceBranch"] = "ref",
        ["Build.SourceVersion"] = "commit",
        ["System.PullRequest.SourceBranch"] = "source",
        ["System.PullRequest.TargetBranch"] = "target",
    };

    private readonly Dictionary<string, string> places = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> literals = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> written = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="variables">What is declared, by the names of Azure.</param>
    /// <param name="axes">Variables of the matrix, by the names of Azure, and ours.</param>
    public AzureReading(AzureVariables variables, IReadOnlyDictionary<string, string> axes)
    {
        foreach (var (name, value) in variables.All)
        {
            if (variables.WordOf(name) is { } word)
            {
                places[name] = word;
            }
            else if (variables.Env.ContainsKey(AzureVariables.InShells(name)))
            {
                places[name] = $"env.{AzureVariables.InShells(name)}";
            }
            // What else is in it than folders is not known.
            if (variables.WordOf(name) is null && !WithFolders(value).Contains('$', StringComparison.Ordinal))
            {
                written[name] = value;
            }
            if (!value.Contains('$', StringComparison.Ordinal))
            {
                literals[name] = $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
            }
        }
        foreach (var (name, axis) in axes)
        {
            places[name] = $"matrix.{axis}";
            literals.Remove(name);
            written.Remove(name);
        }
    }

    /// <summary>By the names of Azure, what stands for their variables in conditions of tasks.</summary>
    public IReadOnlyDictionary<string, string> Places => places;

    /// <summary>The same for conditions of jobs, which are decided before variables are: only texts.</summary>
    public IReadOnlyDictionary<string, string> Literals => literals;

    /// <summary>A text in neutral words; null when it asks for what only Azure knows.</summary>
    public string? Filled(string text) => Filled(text, static _ => null);

    /// <summary>A text of a shell, which has commands in <c>$( )</c> too.</summary>
    /// <param name="other">What becomes of a name that is not known; null for: it cannot be said.</param>
    public string? Filled(string text, Func<string, string?> other)
    {
        // What is worked out before or while it runs.
        return text.Contains("${{", StringComparison.Ordinal) || text.StartsWith("$[", StringComparison.Ordinal)
            ? null
            : Replaced(text, other);
    }

    /// <summary>With what variables are that are written down, also where that names folders of Azure.</summary>
    public string Literally(string text) =>
        Macros().Replace(text, found => written.GetValueOrDefault(found.Groups["name"].Value) ?? found.Value);

    /// <summary>The same for variables that shells do not have, since they name folders of Azure.</summary>
    public string WithHidden(string text) =>
        Macros()
            .Replace(
                text,
                found =>
                    found.Groups["name"].Value is var name && !places.ContainsKey(name)
                        ? written.GetValueOrDefault(name) ?? found.Value
                        : found.Value
            );

    /// <summary>A path from the folder of the source; null when it is another one, or worked out.</summary>
    public string? Path(string text)
    {
        var path = Literally(text).Replace('\\', '/');
        foreach (var source in Sources)
        {
            path = After(path, source) ?? path;
        }
        foreach (var staging in Stagings)
        {
            path = After(path, staging) is { } rest ? (rest.Length == 0 ? Staging : $"{Staging}/{rest}") : path;
        }
        path = path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;
        path = path.TrimEnd('/');
        return Filled(path.Length == 0 ? "." : path);
    }

    /// <summary>A script that names the folders of Azure, with ours; it works in the folder of the source.</summary>
    public static string WithFolders(string text)
    {
        foreach (var source in Sources)
        {
            text = text.Replace(source, ".", StringComparison.OrdinalIgnoreCase);
        }
        foreach (var staging in Stagings)
        {
            text = text.Replace(staging, Staging, StringComparison.OrdinalIgnoreCase);
        }
        return text;
    }

    public static bool HasStaging(string text) =>
        Array.Exists(Stagings, one => text.Contains(one, StringComparison.OrdinalIgnoreCase));

    /// <summary>The name that a text is in <c>$( )</c>, when it is nothing else.</summary>
    public static string? Alone(string text) =>
        Macros().Match(text) is { Success: true } found && found.Length == text.Length
            ? found.Groups["name"].Value
            : null;

    private string? Replaced(string text, Func<string, string?> other)
    {
        var isWhole = true;
        var filled = Macros()
            .Replace(
                text,
                found =>
                {
                    var name = found.Groups["name"].Value;
                    if (Place(name) is { } place)
                    {
                        return $"${{{{ {place} }}}}";
                    }
                    if (other(name) is { } said)
                    {
                        return said;
                    }
                    isWhole = false;
                    return "";
                }
            );
        return isWhole ? filled : null;
    }

    private string? Place(string name) => places.GetValueOrDefault(name) ?? Known.GetValueOrDefault(name);

    private static string? After(string path, string prefix) =>
        path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
        && (path.Length == prefix.Length || path[prefix.Length] == '/')
            ? path[prefix.Length..].TrimStart('/')
            : null;

    [GeneratedRegex(
        @"\$\((?<name>[A-Za-z_][A-Za-z0-9_.-]{0,200})\)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Macros();
}

/// <summary>Variables of a pipeline, a stage or a job, and those of what is around it.</summary>
internal sealed class AzureVariables
{
    /// <summary>Variables may stand in each other: those that are longer are not put into more of them.</summary>
    private const int LettersMax = 10_000;

    private readonly Dictionary<string, string> all = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> words = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Which of several at once a job is, from 1.</summary>
    public const string Position = "System.JobPositionInPhase";

    /// <summary>How many of a job there are at once.</summary>
    public const string Total = "System.TotalJobsInPhase";

    /// <summary>As they are written, by the names of Azure.</summary>
    public IReadOnlyDictionary<string, string> All => all;

    /// <summary>Those that shells read, those around it too.</summary>
    public OrderedDictionary<string, string> Env { get; } = new(StringComparer.Ordinal);

    /// <summary>Those that it declares itself, in neutral words.</summary>
    public OrderedDictionary<string, string> Own { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether a group of variables is named, whose names are not in the file.</summary>
    public bool HasGroup { get; private set; }

    /// <param name="around">Null for those of the pipeline.</param>
    public static AzureVariables Read(Node? node, AzureVariables? around, TranslationNotes notes)
    {
        var variables = new AzureVariables();
        if (around is not null)
        {
            variables.HasGroup = around.HasGroup;
            foreach (var (name, value) in around.all)
            {
                variables.all[name] = value;
            }
            foreach (var (name, word) in around.words)
            {
                variables.words[name] = word;
            }
            foreach (var (name, value) in around.Env)
            {
                variables.Env[name] = value;
            }
        }
        foreach (var entry in Foreign.Entries(node))
        {
            variables.Add(entry.Key, entry.Value, notes);
        }
        foreach (var item in Foreign.Items(node))
        {
            variables.AddItem(item, notes);
        }
        return variables;
    }

    /// <summary>The same in a job that is done several times at once, each time told its number.</summary>
    public AzureVariables InParts(int count)
    {
        var inner = Read(null, this, new TranslationNotes());
        foreach (var (name, value) in PartVariables.Azure.Env(count))
        {
            inner.Env[name] = value;
        }
        inner.all[Total] = ShardNames.Text(count);
        inner.all[Position] = count > 1 ? $"$({Position})" : "1";
        if (count > 1)
        {
            inner.words[Position] = $"matrix.{Shards.Axis}";
        }
        return inner;
    }

    /// <summary>The word of ours that a variable stands for; null when it is another one.</summary>
    public string? WordOf(string name) => words.GetValueOrDefault(name);

    /// <summary>What a shell has a variable of Azure under.</summary>
    public static string InShells(string name) => name.ToUpperInvariant().Replace('.', '_').Replace(' ', '_');

    private void AddItem(Node item, TranslationNotes notes)
    {
        if (Foreign.Text(Foreign.Find(item, "name")) is { } name)
        {
            Add(name, Foreign.Find(item, "value") ?? item, notes);
        }
        else if (Foreign.Find(item, "group") is { } group)
        {
            HasGroup = true;
            notes.Approximated(
                group,
                $"The group of variables '{Shown.Line(Foreign.Text(group) ?? "")}'",
                "Its variables are not in the file: those that steps name in capitals are secrets here, to be set at Fairlead."
            );
        }
        else if (Foreign.Find(item, "template") is null)
        {
            notes.LeftOut(item, "A variable", "It has no name in this file, or stands under a condition.");
        }
    }

    private void Add(string name, Node node, TranslationNotes notes)
    {
        // The value of a variable may be empty, which is no 'nothing' there.
        var text = node is Node.Scalar scalar ? (scalar.IsNothing ? "" : scalar.Text) : null;
        var inShells = InShells(name);
        if (text is not null && AzureAsked.WordOf(name, text) is { } word)
        {
            words[name] = word;
            all[name] = text;
            Env[inShells] = Own[inShells] = $"${{{{ {word} }}}}";
            return;
        }
        if (text is null || !Foreign.IsVariable(inShells) || name.Contains("${{", StringComparison.Ordinal))
        {
            notes.LeftOut(
                node,
                $"The variable '{Shown.Line(name)}'",
                "It is no name and text that a shell could have."
            );
            return;
        }
        var whole = Resolved(text);
        words.Remove(name);
        all[name] = whole;
        var known = new AzureVariables();
        if (words.TryGetValue(Position, out var position))
        {
            (known.all[Position], known.words[Position]) = (all[Position], position);
        }
        if (new AzureReading(known, new Dictionary<string, string>()).Filled(whole) is { } filled)
        {
            Env[inShells] = Own[inShells] = filled;
            if (inShells != name)
            {
                notes.Approximated(
                    node,
                    $"The variable '{Shown.Line(name)}'",
                    $"Shells read it as {inShells} there, and so it is called here."
                );
            }
            return;
        }
        Env.Remove(inShells);
        if (AzureReading.HasStaging(whole) || AzureReading.WithFolders(whole) != whole)
        {
            notes.Approximated(
                node,
                $"The variable {Shown.Line(name)} names a folder of Azure.",
                "Its value stands where steps ask for it with $( ); shells have no such variable here."
            );
            return;
        }
        notes.LeftOut(
            node,
            $"The variable {Shown.Line(name)}",
            $"Its value asks for what only Azure knows: {Shown.Line(text)}"
        );
    }

    /// <summary>With the values of those that are known already.</summary>
    private string Resolved(string text)
    {
        foreach (var (name, value) in all)
        {
            if (!value.Contains('$', StringComparison.Ordinal) && value.Length + text.Length < LettersMax)
            {
                text = text.Replace($"$({name})", value, StringComparison.OrdinalIgnoreCase);
            }
        }
        return text;
    }
}
