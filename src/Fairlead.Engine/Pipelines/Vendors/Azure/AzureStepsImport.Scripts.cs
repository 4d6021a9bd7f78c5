using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.Azure;

/// <summary>Steps that are scripts, or tasks that one can be.</summary>
internal sealed partial class AzureStepsImport
{
    /// <summary>The task that a script can be, with the words that are only read by it.</summary>
    private bool Written(Node step, Node at, string task)
    {
        var kind = task switch
        {
            "BASH" => "bash",
            "CMDLINE" => "script",
            _ => string.Equals(Input(step, "pwsh"), "true", StringComparison.OrdinalIgnoreCase) ? "pwsh" : "powershell",
        };
        var isFile =
            task != "CMDLINE"
            && !string.Equals(Input(step, "targetType") ?? "filePath", "inline", StringComparison.OrdinalIgnoreCase);
        if (!isFile)
        {
            var inputs = Foreign.Find(step, "inputs")!;
            var text = Foreign
                .Entries(inputs)
                .FirstOrDefault(static one => string.Equals(one.Key, "script", StringComparison.OrdinalIgnoreCase));
            if (text is not null)
            {
                Script(step, text.Value, kind);
            }
            return text is not null;
        }
        if (Input(step, "filePath") is not { Length: > 0 } path || path.Contains('\'', StringComparison.Ordinal))
        {
            return false;
        }
        var program = kind is "bash" ? "bash" : $"{kind} -File";
        return Commanded(
            step,
            at,
            $"{program} {AzureCommands.Word(texts.Literally(path))} {Input(step, "arguments")}".TrimEnd()
        );
    }

    private bool Commanded(Node step, Node at, string script)
    {
        var text = new Node.Scalar(at.Spot, at.Path, script, IsPlain: false);
        var before = tasks.Count;
        Script(step, text, "bash");
        if (tasks.Count > before && tasks[^1].Act is Act.Script)
        {
            notes.Approximated(
                at,
                $"'{Shown.Line(Foreign.Text(at) ?? "")}'",
                $"What it would call is called by a script: {Shown.Line(script)}"
            );
        }
        return true;
    }

    private void Script(Node step, Node at, string kind)
    {
        var shell = kind switch
        {
            "script" => IsWindows ? "cmd" : "bash",
            _ => kind,
        };
        var script = new AzureScript(step, Foreign.Text(at) ?? "", shell);
        if (script.Text.Trim().Length == 0)
        {
            notes.LeftOut(at, "A script", "It is empty.");
            return;
        }
        var folder = Foreign.Text(Foreign.Find(step, "workingDirectory")) ?? Input(step, "workingDirectory", "cwd");
        var path = folder is null ? "." : texts.Path(folder);
        if (path is null || TextTemplate.IsIn(path) || !Foreign.IsFolder(path))
        {
            Keep(step, step, $"it runs in {Shown.Quoted(folder!)}, which is worked out or leads out of the folder.");
            return;
        }
        var own = Foreign.Entries(Foreign.Find(step, "env")).Select(static one => one.Key);
        var handed = new HandedOn([.. Names("env."), .. Secrets, .. own]);
        var (neutral, why) = Filled(script, path, at);
        var text = neutral is null ? null : handed.Script(shell, AzureScript.ForCmd(shell, neutral));
        var (condition, isSaid) = Condition(step);
        if (text is null || !isSaid)
        {
            Keep(
                step,
                isSaid ? at : Foreign.Find(step, "condition")!,
                !isSaid ? "its condition asks for what only Azure knows."
                    : neutral is null ? why
                    : $"others may name what is filled into its script, and {shell} would read it as a part of it."
            );
            return;
        }
        if (text != neutral)
        {
            notes.Approximated(
                at,
                "Its script has variables in $( ), which Azure fills in before it is read.",
                "It reads them from its environment now: see that they do not stand in single quotes."
            );
        }
        var env = Environment(step);
        foreach (var (name, value) in handed.Env)
        {
            _ = env.TryAdd(name, value);
        }
        Add(step, new Act.Script(shell, text), task => task with { Folder = path, If = condition, Env = env });
        notes.Mapped(
            at,
            "A script",
            "A task that is always done: say its 'inputs', and it is not done again when they did not change."
        );
    }

    /// <summary>The script in neutral words, as strict as it is there; or why that cannot be.</summary>
    private (string? Text, string Why) Filled(AzureScript script, string folder, Node at)
    {
        var text = texts.WithHidden(script.Text);
        script = script with { Text = text };
        if (folder == "." && script.NamesFolders)
        {
            text =
                (AzureReading.HasStaging(text) && script.IsShell ? $"mkdir -p {AzureReading.Staging}\n" : "")
                + AzureReading.WithFolders(text);
            notes.Approximated(
                at,
                "Its script names folders of Azure.",
                $"They are the folder itself, and '{AzureReading.Staging}' within it: see that it does not change folders before."
            );
        }
        var asked = "";
        var filled = texts.Filled(
            text,
            name =>
            {
                var said = Other(name, script.IsShell, at);
                asked = said is null && asked.Length == 0 ? name : asked;
                return said;
            }
        );
        if (filled is null)
        {
            return (
                null,
                asked.Length > 0
                    ? $"its script asks for $({Shown.Line(asked)})."
                    : "its script is worked out before a run begins."
            );
        }
        foreach (var (name, value) in script.Reads(Variables))
        {
            if (value.Length > 0)
            {
                Env[name] = value;
            }
            else
            {
                notes.LeftOut(
                    at,
                    $"Its script reads {name}.",
                    "Azure sets it, and nobody does here: say it under 'env', or write what it stands for."
                );
            }
        }
        return (script.IsShell ? AzureScript.Loose(filled) : filled, "");
    }

    /// <summary>What becomes of a name in <c>$( )</c> that is not in the file: a secret, or a command of the shell.</summary>
    private string? Other(string name, bool isShell, Node at)
    {
        // One that is in the file, and was not understood, is no command.
        if (!isShell || name.Contains('.', StringComparison.Ordinal) || Variables.All.ContainsKey(name))
        {
            return null;
        }
        if (!name.Any(char.IsLower) && Foreign.IsVariable(name))
        {
            Secrets.Add(name);
            notes.Approximated(
                at,
                $"Its script names $({name}), which is not in the file.",
                $"It is the secret {name} now, and read from the variable of that name: see that it does not stand in single quotes."
            );
            return $"${name}";
        }
        notes.Approximated(
            at,
            $"Its script has $({Shown.Line(name)}).",
            "It is a command of the shell here; should the pipeline have a variable of that name outside of the file, write its value."
        );
        return $"$({name})";
    }

    private (string? Condition, bool IsSaid) Condition(Node step)
    {
        if (Foreign.Text(Foreign.Find(step, "condition")) is not { } said)
        {
            return (null, true);
        }
        var (condition, isSaid) = new AzureRules
        {
            Variables = texts.Places,
            Machines = Machines,
            Jobs = job.Names,
        }.Read(said);
        if (!isSaid || condition is null)
        {
            return (null, isSaid);
        }
        var known = new Vocabulary
        {
            Needs = job.Needs.ToHashSet(StringComparer.OrdinalIgnoreCase),
            Env = Names("env."),
            Matrix = Names("matrix."),
            HasMachine = true,
            HasStatus = true,
        };
        return
            Expressions.Condition.Parse(condition).Condition?.Expression is { } expression
            && !known.Check(expression).Any()
            ? (condition, true)
            : (null, false);
    }

    private HashSet<string> Names(string group) =>
        texts
            .Places.Values.Where(one => one.StartsWith(group, StringComparison.Ordinal))
            .Select(one => one[group.Length..])
            .ToHashSet(StringComparer.OrdinalIgnoreCase);

    private OrderedDictionary<string, string> Environment(Node step)
    {
        var env = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in Foreign.Entries(Foreign.Find(step, "env")))
        {
            var text = entry.Value is Node.Scalar scalar ? (scalar.IsNothing ? "" : scalar.Text) : null;
            if (entry.Key == "SYSTEM_ACCESSTOKEN" && text == "$(System.AccessToken)")
            {
                notes.Mapped(entry.Value, "The job's access token", "Exports give it to steps that deploy.");
                continue;
            }
            if (text is null || !Foreign.IsVariable(entry.Key))
            {
                notes.LeftOut(
                    entry.Value,
                    $"The variable '{Shown.Line(entry.Key)}'",
                    "It is no name and text that a shell could have."
                );
            }
            else if (texts.Filled(text) is { } filled)
            {
                env[entry.Key] = filled;
            }
            else if (AzureReading.Alone(text) is { } name && !name.Contains('.', StringComparison.Ordinal))
            {
                Secrets.Add(entry.Key);
                if (name == entry.Key)
                {
                    notes.Mapped(entry.Value, $"The secret {name}", $"secrets: [{name}]");
                }
                else
                {
                    notes.Approximated(
                        entry.Value,
                        $"The variable {entry.Key} is {name}, which is not in the file.",
                        $"Secrets have the names of their variables here: set it again as {entry.Key}."
                    );
                }
            }
            else
            {
                notes.LeftOut(
                    entry.Value,
                    $"The variable {entry.Key}",
                    $"Its value asks for what only Azure knows: {Shown.Line(text)}"
                );
            }
        }
        return env;
    }
}
