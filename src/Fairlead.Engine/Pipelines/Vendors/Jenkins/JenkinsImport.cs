using System.Globalization;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Pipelines.Vendors.Jenkins;

/// <summary>
/// Reads a declarative Jenkinsfile as a pipeline. Stages become jobs that need the stages before them; code of Groovy is kept for
/// Jenkins, word for word, and done nowhere else.
/// </summary>
public static class JenkinsImport
{
    /// <param name="file">How it is called, for messages.</param>
    /// <exception cref="ProblemException">It cannot be read, or is not declarative.</exception>
    public static ImportedPipeline Run(string text, string file)
    {
        var findings = new Findings(file);
        var read = GroovyReader.Read(text, findings);
        findings.ThrowIfAny();
        var whole = read?.FirstOrDefault(static one => one is { Name: "pipeline", Block: not null });
        if (whole?.Find("stages") is not { Block.Count: > 0 })
        {
            throw new ProblemException(NotDeclarative(file, read is { Count: > 0 } ? read[0] : null));
        }
        var notes = new TranslationNotes(file);
        // A first line such as #!groovy says who reads the file.
        foreach (
            var other in read!.Where(one => one != whole && !one.Source.StartsWith("#!", StringComparison.Ordinal))
        )
        {
            notes.LeftOut(
                other.Spot,
                $"'{Shown.Line(First(other.Source))}' outside of the pipeline",
                "Code of Groovy is not read: what stages ask of it is kept for Jenkins alone."
            );
        }
        var settings = JenkinsSettings.Of(whole, notes);
        var jobs = new JenkinsOrder(settings, notes).Read(whole.Find("stages")!);
        if (jobs.Count == 0)
        {
            throw new ProblemException(NotDeclarative(file, whole));
        }
        var on = Triggers(whole.Find("triggers"), notes);
        SayOthers(whole, notes);
        return new(
            new()
            {
                Name = Foreign.Named(Path.GetFileNameWithoutExtension(file)),
                On = on,
                Env = settings.Env,
                Concurrency = settings.Concurrency,
                Jobs = jobs,
            },
            notes.All
        );
    }

    /// <summary>The first line of what was written.</summary>
    internal static string First(string source) => source.Trim().Split('\n')[0];

    private static Triggers Triggers(GroovyCall? node, TranslationNotes notes)
    {
        List<string> times = [];
        foreach (var one in node?.Block ?? [])
        {
            if (one.Name == "cron" && one.Text() is { } text)
            {
                var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
                foreach (var line in lines.Where(static line => !line.StartsWith("TZ=", StringComparison.Ordinal)))
                {
                    var exact = line.Replace('H', '0');
                    times.Add(exact.StartsWith('@') ? "0 0 * * *" : exact);
                    if (exact != line || line.StartsWith('@') || lines[0] != "TZ=UTC")
                    {
                        notes.Approximated(
                            one.Spot,
                            $"It begins at {Shown.Line(line)}.",
                            $"It begins at {times[^1]} in UTC here; Jenkins has its own time, and chooses what H stands for."
                        );
                    }
                    else
                    {
                        notes.Mapped(one.Spot, $"It begins at {Shown.Line(line)}.", "on: schedule");
                    }
                }
            }
            else
            {
                notes.LeftOut(
                    one.Spot,
                    $"'{Shown.Line(one.Name)}' begins it.",
                    one.Name == "pollSCM" ? "Pushes begin it here by themselves." : "There is no counterpart."
                );
            }
        }
        notes.Approximated(
            node?.Spot ?? new Spot(1, 1),
            "What begins it",
            "A Jenkinsfile does not say it: each push, tag and proposed change does here, as in a multibranch project."
        );
        return new()
        {
            Push = ["**"],
            Tag = ["**"],
            Change = ["**"],
            Schedule = times,
            Manual = true,
        };
    }

    private static void SayOthers(GroovyCall whole, TranslationNotes notes)
    {
        foreach (
            var one in whole.Block!.Where(static one =>
                one.Name is not ("agent" or "stages" or "triggers" or "environment" or "options" or "tools")
            )
        )
        {
            notes.LeftOut(
                one.Spot,
                $"'{Shown.Line(one.Name)}' of the pipeline",
                one.Name switch
                {
                    "post" => "Write it as a job that needs all others, with: if: always()",
                    "parameters" =>
                        "Nobody is asked here: conditions take their defaults, all else that asks for them is kept or said.",
                    "libraries" => "Steps of libraries are kept for Jenkins alone.",
                    _ => "There is no counterpart.",
                }
            );
        }
    }

    private static Problem NotDeclarative(string file, GroovyCall? first) =>
        new(
            "pipeline.no-workflow",
            $"{file} is no declarative pipeline of Jenkins.",
            first is null
                ? "It is empty."
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"Line {first.Spot.Line} has '{Shown.Line(First(first.Source))}', and nowhere are there stages in: pipeline {{ }}"
                ),
            "Pipelines that are programs (node { }) cannot be read: write what they do as stages, or as a fairlead.pipeline.yaml."
        )
        {
            Where = file,
            Trouble = Trouble.WrongUse,
        };
}

/// <summary>What a pipeline or a stage says of all within it.</summary>
internal sealed record JenkinsSettings
{
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<string> Secrets { get; init; } = [];

    public string Machine { get; init; } = "linux";

    public string? Image { get; init; }

    /// <summary>Whether it has a machine of its own, and with it a copy of the source.</summary>
    public bool IsApart { get; init; }

    public TimeSpan? Timeout { get; init; }

    public Concurrency? Concurrency { get; init; }

    /// <summary>Conditions of all stages around it, each in neutral words.</summary>
    public IReadOnlyList<string> Conditions { get; init; } = [];

    /// <summary>Why what is in it can be done by Jenkins alone; null when it can be done here.</summary>
    public (Spot At, string What)? Barrier { get; init; }

    public Matrix? Matrix { get; init; }

    /// <summary>Parameters of a run as their defaults say, by their names.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    public bool IsManual { get; init; }

    public static JenkinsSettings Of(GroovyCall whole, TranslationNotes notes) =>
        new JenkinsSettings { Parameters = Defaults(whole.Find("parameters")) }.Within(whole, notes);

    private static Dictionary<string, string> Defaults(GroovyCall? node)
    {
        var defaults = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var one in node?.Block ?? [])
        {
            var value = one.Name switch
            {
                "booleanParam" => one.Named.GetValueOrDefault("defaultValue")?.Text ?? "false",
                "string" or "text" => one.Text("defaultValue") ?? (one.Named.ContainsKey("defaultValue") ? null : ""),
                // The first choice is what is chosen by itself.
                "choice" => one.Named.GetValueOrDefault("choices") switch
                {
                    { Items: [{ IsText: true, IsFilled: false } first, ..] } => first.Text,
                    { IsText: true, IsFilled: false } lines => lines.Text.Split('\n')[0],
                    _ => null,
                },
                _ => null,
            };
            if (one.Text("name") is { } name && value is not null)
            {
                defaults[name] = value;
            }
        }
        return defaults;
    }

    /// <summary>With what a stage says itself.</summary>
    public JenkinsSettings Within(GroovyCall stage, TranslationNotes notes)
    {
        var all = Agent(stage.Find("agent"), isWhole: stage.Name == "pipeline", notes);
        all = all.Environment(stage.Find("environment"), notes);
        all = all.Options(stage.Find("options"), notes);
        if (stage.Find("tools") is { } tools)
        {
            notes.LeftOut(
                tools.Spot,
                "'tools'",
                "They name installations of Jenkins: say the programs and their versions under 'tools'."
            );
        }
        if (stage.Find("input") is { } input)
        {
            all = all with { IsManual = true };
            notes.Mapped(input.Spot, "'input'", "manual: true");
        }
        if (stage.Find("when") is { } when)
        {
            all = all.When(when, notes);
        }
        return all;
    }

    private JenkinsSettings Agent(GroovyCall? agent, bool isWhole, TranslationNotes notes)
    {
        if (agent is null)
        {
            return this;
        }
        var said = agent.First?.Text;
        if (said is "none")
        {
            return this with { IsApart = true };
        }
        var label = agent.Find("label") ?? agent.Find("node")?.Find("label") ?? agent.Find("docker")?.Find("label");
        var machine = label?.Text();
        var docker = agent.Find("docker");
        var image = docker?.Find("image")?.Text() ?? docker?.Text();
        var isKnown = said is "any" || machine is not null || image is not null;
        if (!isKnown || TextTemplate.IsIn(machine ?? "") || (image is not null && !Foreign.IsImage(image)))
        {
            return this with { Barrier = Barrier ?? (agent.Spot, "its agent is worked out, or made by Jenkins.") };
        }
        foreach (var other in docker?.Block?.Where(static one => one.Name is not ("image" or "label")) ?? [])
        {
            notes.LeftOut(
                other.Spot,
                $"'{Shown.Line(other.Name)}' of the agent",
                "An image has a name here, and nothing more."
            );
        }
        if (machine is not null && machine.IndexOfAny(['&', '|', '!']) >= 0)
        {
            notes.Approximated(
                agent.Spot,
                $"It runs on {Shown.Line(machine)}.",
                "A machine has one label here: the first."
            );
            machine = machine
                .Split([' ', '&', '|', '!', '(', ')'], StringSplitOptions.RemoveEmptyEntries)
                .FirstOrDefault();
        }
        notes.Mapped(
            agent.Spot,
            "'agent'",
            image is null ? $"machine: {machine ?? "linux"}" : $"image: {Shown.Line(image)}"
        );
        return this with
        {
            Machine = machine is { Length: > 0 } ? machine : Machine,
            Image = image,
            // Stages on the machine of the pipeline share its folder.
            IsApart = !isWhole,
        };
    }

    private JenkinsSettings Environment(GroovyCall? node, TranslationNotes notes)
    {
        var env = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        List<string> secrets = [.. Secrets];
        foreach (var (name, value) in Env)
        {
            env[name] = value;
        }
        foreach (var one in node?.Block ?? [])
        {
            var value = one.First;
            if (!one.IsSet || value is null || !Foreign.IsVariable(one.Name))
            {
                notes.LeftOut(one.Spot, $"The variable '{Shown.Line(First(one))}'", "It is no name and text.");
            }
            else if (value.Call is { Name: "credentials" } call && call.Text() is { } id)
            {
                secrets.Add(one.Name);
                if (id == one.Name)
                {
                    notes.Mapped(one.Spot, $"The secret {id}", $"secrets: [{id}]");
                }
                else
                {
                    notes.Approximated(
                        one.Spot,
                        $"The variable {one.Name} is the credential {Shown.Line(id)}.",
                        $"Secrets have the names of their variables here: set it as {one.Name}; a user and a password are two secrets."
                    );
                }
            }
            else if (value.IsText && JenkinsText.Value(value) is { } text)
            {
                env[one.Name] = text;
                secrets.Remove(one.Name);
            }
            else
            {
                notes.LeftOut(
                    one.Spot,
                    $"The variable {one.Name}",
                    $"Its value is worked out by Jenkins: {Shown.Line(First(one))}"
                );
            }
        }
        return this with { Env = env, Secrets = secrets };
    }

    private static string First(GroovyCall call) => JenkinsImport.First(call.Source);

    private JenkinsSettings Options(GroovyCall? node, TranslationNotes notes)
    {
        var all = this;
        foreach (var one in node?.Block ?? [])
        {
            switch (one.Name)
            {
                case "timeout" when JenkinsText.Time(one) is { } time:
                    all = all with { Timeout = time };
                    notes.Mapped(one.Spot, "'timeout'", "timeout of each of its jobs");
                    break;
                case "disableConcurrentBuilds":
                    var isCancelling = one.Named.GetValueOrDefault("abortPrevious")?.Text == "true";
                    all = all with { Concurrency = new("${{ ref }}", isCancelling) };
                    notes.Mapped(one.Spot, "'disableConcurrentBuilds'", "concurrency");
                    break;
                case "timestamps" or "ansiColor" or "skipStagesAfterUnstable" or "preserveStashes" or "buildDiscarder":
                    notes.Mapped(one.Spot, $"'{one.Name}'", "It is so here, or there is nothing to say.");
                    break;
                default:
                    notes.LeftOut(one.Spot, $"'{Shown.Line(one.Name)}' of the options", "There is no counterpart.");
                    break;
            }
        }
        return all;
    }

    private void SayParameters(GroovyCall when, JenkinsRules rules, TranslationNotes notes)
    {
        if (rules.Asked.Count > 0)
        {
            notes.Approximated(
                when.Spot,
                $"Its condition asks for {Shown.Line(string.Join(", ", rules.Asked.Select(one => $"{one} ({Parameters[one]})")))}.",
                "Nobody is asked here: each is what its default says."
            );
        }
    }

    private JenkinsSettings When(GroovyCall when, TranslationNotes notes)
    {
        if (when.Block is not { } block)
        {
            return this with { Barrier = Barrier ?? (when.Spot, "its condition has no block.") };
        }
        List<string> all = [];
        var rules = new JenkinsRules(Parameters);
        foreach (
            var one in block.Where(static one => one.Name is not ("beforeAgent" or "beforeInput" or "beforeOptions"))
        )
        {
            if (rules.Read(one) is not { } said || TextTemplate.IsIn(said))
            {
                return this with
                {
                    Barrier =
                        Barrier
                        ?? (one.Spot, $"its condition asks for what only Jenkins knows: {Shown.Line(First(one))}"),
                };
            }
            if (said != "true")
            {
                all.Add(said);
            }
        }
        SayParameters(when, rules, notes);
        if (all.Count > 0)
        {
            notes.Mapped(when.Spot, "'when'", $"if: {Shown.Line(string.Join(" && ", all))}");
        }
        return this with { Conditions = [.. Conditions, .. all] };
    }
}
