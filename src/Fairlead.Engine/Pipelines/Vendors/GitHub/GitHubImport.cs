using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Pipelines.Vendors.GitHub;

/// <summary>
/// Reads a workflow of GitHub Actions as a pipeline. What means the same is mapped; what nearly does is said; what only GitHub
/// can do is kept for it, word for word, and done nowhere else.
/// </summary>
public static class GitHubImport
{
    private const int NodesMax = 100_000;

    /// <param name="file">How it is called, for messages.</param>
    /// <exception cref="ProblemException">It cannot be read, or is no workflow.</exception>
    public static ImportedPipeline Run(string text, string file)
    {
        var findings = new Findings(file);
        var root = YamlReader.ReadForeign(text, findings, NodesMax);
        findings.ThrowIfAny();
        if (root is null || Foreign.Find(root, "jobs") is not Node.Mapping { Entries.Count: > 0 } jobs)
        {
            throw new ProblemException(NoWorkflow(file));
        }
        var notes = new TranslationNotes(file);
        var name = Foreign.Named(Foreign.Text(Foreign.Find(root, "name")) ?? Path.GetFileNameWithoutExtension(file));
        if (Foreign.Text(Foreign.Find(root, "name")) is { } said && said != name)
        {
            notes.Approximated(
                Foreign.Find(root, "name")!,
                $"The workflow is called '{Shown.Line(said)}'.",
                $"Its name is '{name}' here."
            );
        }
        var texts = new GitHubReading(name, new HashSet<string>(StringComparer.OrdinalIgnoreCase));
        var (env, secrets) = new GitHubEnvironment(texts, notes).Read(Foreign.Find(root, "env"), new Vocabulary());
        var on = Foreign.Find(root, "on") ?? Foreign.Find(root, "true");
        var whole = new GitHubWorkflow(name, env, secrets, Foreign.Find(Foreign.Find(root, "defaults"), "run"))
        {
            Inputs = Inputs(Foreign.Find(Foreign.Find(on, "workflow_dispatch"), "inputs")),
        };
        var pipeline = new Pipeline
        {
            Name = name,
            On = new GitHubTriggers(notes).Read(on),
            Env = env,
            Concurrency = Concurrency(root, texts, notes),
            Jobs = Jobs(jobs, whole, notes),
        };
        foreach (var entry in Foreign.Entries(root))
        {
            if (entry.Key == "permissions")
            {
                Permissions(entry.Value, notes);
            }
            else if (entry.Key is not ("name" or "on" or "true" or "env" or "jobs" or "concurrency" or "defaults"))
            {
                notes.LeftOut(
                    entry.Value,
                    $"'{Shown.Line(entry.Key)}' of the workflow",
                    "It did not come along: there is no counterpart."
                );
            }
        }
        return new(pipeline, notes.All);
    }

    /// <summary>Inputs of a run begun by hand, as their defaults say.</summary>
    private static Dictionary<string, string> Inputs(Node? node)
    {
        var inputs = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in Foreign.Entries(node))
        {
            inputs[entry.Key] =
                Foreign.Text(Foreign.Find(entry.Value, "default"))
                ?? (Foreign.Text(Foreign.Find(entry.Value, "type")) == "boolean" ? "false" : "");
        }
        return inputs;
    }

    internal static void Permissions(Node node, TranslationNotes notes)
    {
        if (node is Node.Mapping { Entries: [{ Key: "contents", Value: Node.Scalar { Text: "read" } }] })
        {
            notes.Mapped(node, "'permissions'", "Exports grant reading the source, and no more.");
            return;
        }
        if (
            node is Node.Mapping
            {
                Entries: [
                    { Key: "contents", Value: Node.Scalar { Text: "read" } },
                    { Key: "id-token", Value: Node.Scalar { Text: "write" } },
                ]
            }
        )
        {
            notes.Mapped(node, "'permissions'", "Exports grant this to jobs that deploy.");
            return;
        }
        notes.LeftOut(
            node,
            "'permissions'",
            "Fairlead gives tasks no token of GitHub's, so there is nothing to restrict; exports grant reading the source alone."
        );
    }

    private static List<Job> Jobs(Node.Mapping jobs, GitHubWorkflow whole, TranslationNotes notes)
    {
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in jobs.Entries)
        {
            names[entry.Key] = Foreign.Free(Foreign.Named(entry.Key), taken);
        }
        var artifacts = new GitHubArtifacts(jobs);
        return [.. jobs.Entries.Select(entry => new GitHubJobImport(whole, names, artifacts, notes).Read(entry))];
    }

    private static Concurrency? Concurrency(Node root, GitHubReading texts, TranslationNotes notes)
    {
        if (Foreign.Find(root, "concurrency") is not { } node)
        {
            return null;
        }
        var group = Foreign.Text(node) ?? Foreign.Text(Foreign.Find(node, "group"));
        if (group is null || texts.Filled(group, new Vocabulary()) is not { } filled)
        {
            notes.LeftOut(
                node,
                "'concurrency'",
                "Its group names what only GitHub knows: runs may go at the same time here."
            );
            return null;
        }
        var cancels = Foreign.Find(node, "cancel-in-progress");
        if (cancels is not null && Foreign.Text(cancels) is not ("true" or "false"))
        {
            notes.Approximated(
                cancels,
                "'cancel-in-progress' is an expression.",
                "A newer run waits for the older one here."
            );
        }
        notes.Mapped(node, "'concurrency'", "concurrency");
        return new(filled, Foreign.IsTrue(cancels));
    }

    private static Problem NoWorkflow(string file) =>
        new(
            "pipeline.no-workflow",
            $"{file} is no workflow of GitHub Actions.",
            "It has no jobs.",
            "Name a file of .github/workflows, or say what it is: --system gitlab"
        )
        {
            Where = file,
            Trouble = Trouble.WrongUse,
        };
}

/// <summary>What a whole workflow says of each of its jobs.</summary>
/// <param name="Defaults">Of its <c>run</c> steps.</param>
internal sealed record GitHubWorkflow(
    string Name,
    IReadOnlyDictionary<string, string> Env,
    IReadOnlyList<string> Secrets,
    Node? Defaults
)
{
    /// <summary>Inputs of a run begun by hand, as their defaults say.</summary>
    public IReadOnlyDictionary<string, string> Inputs { get; init; } = new Dictionary<string, string>();
}

/// <summary>Texts and conditions of a workflow in neutral words.</summary>
internal sealed class GitHubReading(string workflow, IReadOnlySet<string> machineAxes)
{
    private readonly GitHubWords words = new(workflow, machineAxes);

    /// <summary>Inputs of a run begun by hand, as their defaults say.</summary>
    public IReadOnlyDictionary<string, string> Inputs
    {
        init => words = new(workflow, machineAxes) { Inputs = value };
    }

    /// <summary>Null when it asks for what is not known outside of GitHub, or not at this place.</summary>
    public string? Filled(string text, Vocabulary known)
    {
        var (template, fault) = TextTemplate.Parse(text);
        if (fault is not null)
        {
            return null;
        }
        List<string> parts = [];
        foreach (var part in template!.Parts)
        {
            if (part.Expression is not { } expression)
            {
                parts.Add(part.Text);
                continue;
            }
            if (words.In(expression) is not { } neutral || known.Check(neutral).Any())
            {
                return null;
            }
            parts.Add(
                neutral is Expression.Literal { Value: ExpressionValue.Text literal }
                    ? literal.Letters
                    : $"${{{{ {ExpressionText.Of(neutral)} }}}}"
            );
        }
        return string.Concat(parts);
    }

    public string? Condition(string text, Vocabulary known)
    {
        var (condition, _) = Expressions.Condition.Parse(text);
        return
            condition?.Expression is { } expression
            && words.In(expression) is { } neutral
            && !known.Check(neutral).Any()
            ? ExpressionText.Of(neutral)
            : null;
    }

    /// <summary>The secret that a text is, when it is nothing else.</summary>
    public static string? Secret(string text) =>
        TextTemplate.Parse(text).Template?.Parts
            is [{ Expression: Expression.Indexed { Of: Expression.Named of, Index: Expression.Literal name } }]
        && string.Equals(of.Name, "secrets", StringComparison.OrdinalIgnoreCase)
        && Foreign.IsVariable(name.Value.ToString())
            ? name.Value.ToString()
            : null;
}

/// <summary>Variables of a workflow, a job or a step: those that are values, and those that are secrets.</summary>
internal sealed class GitHubEnvironment(GitHubReading texts, TranslationNotes notes)
{
    public (Dictionary<string, string> Env, List<string> Secrets) Read(Node? node, Vocabulary known)
    {
        var env = new Dictionary<string, string>(StringComparer.Ordinal);
        List<string> secrets = [];
        foreach (var entry in Foreign.Entries(node))
        {
            var text = (entry.Value as Node.Scalar)?.Text;
            if (text is null || !Foreign.IsVariable(entry.Key))
            {
                notes.LeftOut(
                    entry.Value,
                    $"The variable '{Shown.Line(entry.Key)}'",
                    "It is no name and text that a shell could have."
                );
            }
            else if (GitHubReading.Secret(text) is { } secret)
            {
                if (secret == entry.Key)
                {
                    secrets.Add(secret);
                    notes.Mapped(entry.Value, $"The secret {secret}", $"secrets: [{secret}]");
                }
                else
                {
                    secrets.Add(entry.Key);
                    notes.Approximated(
                        entry.Value,
                        $"The variable {entry.Key} is the secret {secret}.",
                        $"Secrets have the names of their variables here: set it again as {entry.Key}."
                    );
                }
            }
            else if (texts.Filled(text, known) is { } filled)
            {
                env[entry.Key] = filled;
            }
            else
            {
                notes.LeftOut(
                    entry.Value,
                    $"The variable {entry.Key}",
                    $"Its value asks for what only GitHub knows: {Shown.Line(text)}"
                );
            }
        }
        return (env, secrets);
    }
}
