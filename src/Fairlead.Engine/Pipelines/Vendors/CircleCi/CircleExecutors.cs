using Fairlead.Engine.Pipelines.Files;

namespace Fairlead.Engine.Pipelines.Vendors.CircleCi;

/// <summary>The kinds of machines that jobs run on, each said once.</summary>
internal sealed class CircleExecutors(string pipeline, TranslationNotes notes)
{
    private readonly OrderedDictionary<string, string> machines = new(StringComparer.Ordinal);

    /// <summary>What the kind is called in the file.</summary>
    public string Use(string machine)
    {
        var name = Name(machine);
        machines.TryAdd(name, machine);
        return name;
    }

    public static string Name(string machine)
    {
        var name = Foreign.Named(machine).ToLowerInvariant();
        return name[0] == '_' ? $"machine{name}" : name;
    }

    public YamlGroup Write()
    {
        var executors = new YamlGroup();
        foreach (var (name, machine) in machines)
        {
            executors.Add(name, Executor(machine));
        }
        return executors;
    }

    private YamlGroup Executor(string machine)
    {
        switch (machine)
        {
            case "linux":
                return new YamlGroup().Add("machine", new YamlGroup().Add("image", "ubuntu-2404:current"));
            case "macos":
                notes.Approximated(
                    pipeline,
                    "Jobs run on 'macos'.",
                    "CircleCI asks for a version of Xcode: look whether it is the one that you want."
                );
                return new YamlGroup()
                    .Add("macos", new YamlGroup().Add("xcode", "16.4.0"))
                    .Add("resource_class", "m4pro.medium");
            case "windows":
                return new YamlGroup().Add(
                    "machine",
                    new YamlGroup()
                        .Add("image", "windows-server-2022-gui:current")
                        .Add("resource_class", "windows.medium")
                        .Add("shell", "bash.exe -eo pipefail")
                );
            default:
                notes.Approximated(
                    pipeline,
                    $"Jobs run on '{machine}'.",
                    "At CircleCI it is a resource class of your own runners, which are called by namespace and name: acme/large."
                );
                return new YamlGroup().Add("machine", yes: true).Add("resource_class", CircleTexts.Literal(machine));
        }
    }
}
