using System.Text.RegularExpressions;
using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.Azure;

/// <summary>
/// Texts with expressions, in Azure's two ways: <c>$(NAME)</c> is filled in before a shell reads it, variables by the shell
/// itself. What somebody else can name, such as a branch, never becomes a part of a script.
/// </summary>
internal sealed partial class AzureTexts
{
    private readonly Dictionary<string, string> variables = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> apart = new(StringComparer.Ordinal);
    private readonly HashSet<string> hostile = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
    private readonly AzureAsked asked;

    /// <param name="job">Whose variables and matrix they may ask for; null for those of the pipeline.</param>
    public AzureTexts(Pipeline pipeline, Job? job, AzureAsked asked)
    {
        this.asked = asked;
        foreach (var (name, text) in pipeline.Env.Concat(job?.Env ?? new Dictionary<string, string>()))
        {
            if (AzureNames.IsVariable(name))
            {
                variables[$"ENV.{name}"] = name;
                taken.Add(name);
            }
            else
            {
                apart[name] = text;
            }
            if (IsHostile(text))
            {
                hostile.Add(name);
            }
        }
        foreach (var name in Axes(job?.Matrix))
        {
            variables[$"MATRIX.{name}"] = AzureNames.Axis(name);
            taken.Add(AzureNames.Axis(name));
        }
        if (job?.Shards is not null)
        {
            variables[$"MATRIX.{Shards.Axis}"] = AzureVariables.Position;
            variables[$"ENV.{PartVariables.Azure.Count}"] = AzureVariables.Total;
        }
        taken.UnionWith(job?.Secrets ?? []);
    }

    /// <summary>Variables of the pipeline at Azure, by ours.</summary>
    public IReadOnlyDictionary<string, string> Variables => variables;

    /// <summary>Variables that every step names for itself, since Azure would change their names.</summary>
    public IReadOnlyDictionary<string, string> Apart => apart;

    /// <summary>A text that no shell reads; null when Azure cannot work it out.</summary>
    public string? Value(string text) =>
        text.StartsWith("$[", StringComparison.Ordinal) ? null : Filled(text, Plain, one => Safe(one) ?? Macro(one));

    /// <summary>A script for a shell or PowerShell, in which what others name cannot be.</summary>
    public string? Script(string text) => Filled(text, Spaced, Safe);

    /// <summary>A script for another interpreter, to which a space may matter.</summary>
    public string? Program(string text) => Filled(text, Plain, Safe);

    /// <summary>One word of a command.</summary>
    public string? Word(string text)
    {
        if (!TextTemplate.IsIn(text))
        {
            // In two texts, where Azure would fill something in.
            return Macros()
                .Replace(
                    ShellText.Quoted(text),
                    found => IsTaken(found) ? $"$''({found.Groups["name"].Value})" : found.Value
                );
        }
        var filled = Filled(
            text,
            letters => Plain(letters) is null ? null : ShellText.Escaped(letters),
            one =>
                one is Expression.Literal literal ? ShellText.Escaped(literal.Value.ToString()) : Braced(Variable(one))
        );
        return filled is null ? null : $"\"{filled}\"";
    }

    /// <summary>Whether a script has a command that is called as a variable.</summary>
    public bool HasSpaced(string text) => Macros().Matches(text).Any(IsTaken);

    private static IEnumerable<string> Axes(Matrix? matrix) =>
        matrix is null
            ? []
            : matrix
                .Axes.Select(static one => one.Name)
                .Concat(matrix.Include.SelectMany(static one => one.Keys))
                .Distinct(StringComparer.Ordinal);

    private static string? Filled(string text, Func<string, string?> literal, Func<Expression, string?> fill)
    {
        if (!TextTemplate.IsIn(text))
        {
            return literal(text);
        }
        if (TextTemplate.Parse(text).Template is not { } template)
        {
            return null;
        }
        List<string> parts = [];
        foreach (var part in template.Parts)
        {
            if ((part.Expression is { } expression ? fill(expression) : literal(part.Text)) is not { } said)
            {
                return null;
            }
            parts.Add(said);
        }
        var filled = string.Concat(parts);
        // Two parts must not become what neither is.
        return filled.Contains("${{", StringComparison.Ordinal) ? null : filled;
    }

    /// <summary>As it stands; null when Azure would fill something in.</summary>
    private string? Plain(string letters) => HasSpaced(letters) ? null : letters;

    /// <summary>With a space where Azure would fill something in, which a shell does not mind.</summary>
    private string Spaced(string letters) =>
        Macros().Replace(letters, found => IsTaken(found) ? $"$( {found.Groups["name"].Value})" : found.Value);

    private bool IsTaken(Match found)
    {
        var name = found.Groups["name"].Value;
        return taken.Contains(name)
            || Array.Exists(
                ["Agent.", "Build.", "Environment.", "Pipeline.", "System.", "FAIRLEAD_"],
                one => name.StartsWith(one, StringComparison.OrdinalIgnoreCase)
            );
    }

    /// <summary>What does no harm in a script.</summary>
    private string? Safe(Expression expression) =>
        expression switch
        {
            Expression.Literal literal => Plain(literal.Value.ToString()),
            Expression.Named named => named.Name.ToUpperInvariant() switch
            {
                "COMMIT" => "$(Build.SourceVersion)",
                "EVENT" => $"$({asked.For("EVENT")})",
                _ => null,
            },
            Expression.Indexed { Of: Expression.Named, Index: Expression.Literal name }
                when !hostile.Contains(name.Value.ToString()) => Macro(expression),
            _ => null,
        };

    private string? Macro(Expression expression) =>
        expression switch
        {
            Expression.Named named when Word(named, "Build.SourceBranch") is { } word => $"$({word})",
            Expression.Indexed { Of: Expression.Named of, Index: Expression.Literal name } => variables.TryGetValue(
                $"{of.Name.ToUpperInvariant()}.{name.Value}",
                out var variable
            )
                ? $"$({variable})"
            : string.Equals(of.Name, "env", StringComparison.OrdinalIgnoreCase)
            && apart.TryGetValue(name.Value.ToString(), out var text)
            && !TextTemplate.IsIn(text)
                ? Plain(text)
            : null,
            _ => null,
        };

    private string? Word(Expression.Named named, string whole) =>
        named.Name.ToUpperInvariant() switch
        {
            "REF" => whole,
            var name and ("BRANCH" or "TAG" or "SOURCE" or "TARGET") => asked.For(name),
            _ => null,
        };

    /// <summary>What a shell has under a name of its own.</summary>
    private string? Variable(Expression expression) =>
        expression switch
        {
            Expression.Named named => named.Name.ToUpperInvariant() switch
            {
                "COMMIT" => "BUILD_SOURCEVERSION",
                "EVENT" => asked.For("EVENT"),
                _ => Word(named, "BUILD_SOURCEBRANCH"),
            },
            Expression.Indexed { Of: Expression.Named of, Index: Expression.Literal name }
                when of.Name.ToUpperInvariant() is "ENV" => name.Value.ToString(),
            Expression.Indexed { Of: Expression.Named of, Index: Expression.Literal name }
                when of.Name.ToUpperInvariant() is "MATRIX"
                    && variables.TryGetValue($"MATRIX.{name.Value}", out var variable) => AzureVariables.InShells(
                variable
            ),
            _ => null,
        };

    private static bool IsHostile(string text) =>
        TextTemplate.IsIn(text)
        && (
            TextTemplate.Parse(text).Template is not { } template
            || template
                .Parts.SelectMany(static one => one.Expression?.All ?? [])
                .Any(static one =>
                    one is Expression.Named { Name: var name }
                    && name.ToUpperInvariant() is "BRANCH" or "TAG" or "SOURCE" or "TARGET" or "REF" or "ENV"
                )
        );

    private static string? Braced(string? name) => name is null ? null : $"${{{name}}}";

    [GeneratedRegex(
        @"\$\((?<name>[^()\s]{1,200})\)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Macros();
}

/// <summary>What a pipeline asks of Azure that it has under no name: worked out as variables, where somebody asks for it.</summary>
internal sealed class AzureAsked
{
    private const string Prefix = "FAIRLEAD_";

    /// <summary>By our word: what Azure works out before a job begins.</summary>
    private static readonly OrderedDictionary<string, string> Values = new(StringComparer.Ordinal)
    {
        ["BRANCH"] = Rest(AzureConditions.Heads),
        ["TAG"] = Rest(AzureConditions.Tags),
        ["SOURCE"] = Change("Source"),
        ["TARGET"] = Change("Target"),
        ["EVENT"] =
            "$[ iif(eq(variables['Build.Reason'], 'PullRequest'), 'change', iif(eq(variables['Build.Reason'], 'Schedule'), 'schedule', "
            + "iif(eq(variables['Build.Reason'], 'Manual'), 'manual', iif(startsWith(variables['Build.SourceBranch'], 'refs/tags/'), 'tag', 'push')))) ]",
    };

    private readonly HashSet<string> words = new(StringComparer.Ordinal);

    /// <summary>The variable that has it from now on.</summary>
    public string For(string word)
    {
        words.Add(word);
        return Prefix + word;
    }

    public IEnumerable<(string Name, string Value)> All =>
        Values.Where(one => words.Contains(one.Key)).Select(static one => (Prefix + one.Key, one.Value));

    /// <summary>The word of ours that a variable stands for; null when it is another one.</summary>
    public static string? WordOf(string name, string value) =>
        name.StartsWith(Prefix, StringComparison.Ordinal)
        && Values.TryGetValue(name[Prefix.Length..], out var known)
        && known == value
            ? name[Prefix.Length..].ToLowerInvariant()
            : null;

    private static string Rest(string prefix) =>
        $"$[ iif(startsWith({AzureConditions.Ref}, '{prefix}'), replace({AzureConditions.Ref}, '{prefix}', ''), '') ]";

    private static string Change(string side) =>
        $"$[ replace(coalesce(variables['System.PullRequest.{side}Branch'], ''), '{AzureConditions.Heads}', '') ]";
}
