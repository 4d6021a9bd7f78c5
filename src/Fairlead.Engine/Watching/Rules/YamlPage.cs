using Fairlead.Engine.Judging.PromQl.Reading;
using Fairlead.Engine.Manifests;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Fairlead.Engine.Watching.Rules;

/// <summary>A mapping of a YAML file whose keys are known, and all that is found to be wrong in that file.</summary>
internal sealed class YamlPage
{
    private const int LettersMax = 1 << 20;

    private readonly string file;
    private readonly YamlMappingNode? node;
    private readonly List<Problem> problems;

    private YamlPage(string file, YamlNode? node, List<Problem> problems)
    {
        (this.file, this.node, this.problems) = (file, node as YamlMappingNode, problems);
        if (node is not (null or YamlMappingNode))
        {
            Add(
                "rules.bad-file",
                "There are keys and values expected.",
                $"There is a {node.NodeType.ToString().ToLowerInvariant()}.",
                node
            );
        }
    }

    /// <exception cref="ProblemException">It is no YAML.</exception>
    public static YamlPage Read(string file, string text) =>
        new(file, StreamOf(file, text).Documents.FirstOrDefault()?.RootNode, []);

    private static YamlStream StreamOf(string file, string text)
    {
        if (text.Length > LettersMax)
        {
            throw Bad(file, $"The file has {text.Length} characters, at most {LettersMax} are read.", null);
        }
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream;
        }
        // YamlDotNet throws the others for some broken texts.
        catch (Exception caught)
            when (caught is YamlException or InvalidOperationException or EndOfStreamException or ArgumentException)
        {
            throw Bad(file, caught.Message, (caught as YamlException)?.Start);
        }
    }

    /// <summary>All documents of a file, each as a page; what is wrong with one is known to all.</summary>
    /// <exception cref="ProblemException">It is no YAML.</exception>
    public static IReadOnlyList<YamlPage> ReadAll(string file, string text)
    {
        var stream = StreamOf(file, text);
        List<Problem> shared = [];
        return [.. stream.Documents.Select(one => new YamlPage(file, one.RootNode, shared))];
    }

    /// <summary>How much is wrong with the file as far as it was looked at.</summary>
    public int Faults => problems.Count;

    public void ThrowIfAny()
    {
        if (problems.Count > 0)
        {
            throw new ProblemException(problems);
        }
    }

    public void Add(string code, string what, string why, YamlNode? at = null)
    {
        var mark = (at ?? node)?.Start;
        problems.Add(
            new Problem(code, what, why, Fix: "Mend the file at that place.")
            {
                Where = mark is { } known ? $"{file}:{known.Line}:{known.Column}" : file,
                Trouble = Trouble.WrongUse,
            }
        );
    }

    public void CheckKeys(params string[] known)
    {
        foreach (var key in node?.Children.Keys.OfType<YamlScalarNode>() ?? [])
        {
            if (!known.Contains(key.Value))
            {
                var near = Nearest.To(key.Value ?? "", known) is { } meant
                    ? $"Did you mean '{meant}'?"
                    : $"Known are {string.Join(", ", known)}.";
                Add("rules.unknown-key", $"'{key.Value}' is no key here.", near, key);
            }
        }
    }

    public bool Has(string key) => Find(key) is not null;

    /// <summary>Its keys, in the order of the file.</summary>
    public IReadOnlyList<string> Keys =>
        [.. (node?.Children.Keys ?? []).OfType<YamlScalarNode>().Select(static one => one.Value ?? "")];

    /// <summary>The mapping under a key; null when there is none.</summary>
    public YamlPage? Section(string key) =>
        Find(key) is { } found and not YamlScalarNode { Value: "" or "~" or "null" }
            ? new(file, found, problems)
            : null;

    /// <summary>What stands under a key as texts: one value, each of a list, or <c>key: value</c> of each pair.</summary>
    public IReadOnlyList<string> Flat(string key) =>
        Find(key) switch
        {
            YamlScalarNode { Value: { } text } => [text],
            YamlSequenceNode list => [.. list.Children.OfType<YamlScalarNode>().Select(static one => one.Value ?? "")],
            YamlMappingNode map => [.. map.Children.Select(static one => $"{one.Key}: {one.Value}")],
            _ => [],
        };

    /// <summary>True or false; null when it is not said.</summary>
    public bool? Flag(string key)
    {
        switch (Text(key))
        {
            case null:
                return null;
            case "true" or "yes" or "on":
                return true;
            case "false" or "no" or "off":
                return false;
            case var text:
                Add("rules.bad-value", $"'{key}' cannot be read.", $"'{text}' is neither true nor false.", Find(key));
                return null;
        }
    }

    public string? Text(string key) =>
        Find(key) switch
        {
            null => null,
            YamlScalarNode one => one.Value,
            var other => Unfit(key, "one value", other),
        };

    public TimeSpan? Duration(string key)
    {
        if (Text(key) is not { Length: > 0 } text)
        {
            return null;
        }
        if (Durations.Read(text) is { } milliseconds)
        {
            return TimeSpan.FromMilliseconds(milliseconds);
        }
        Add(
            "rules.bad-value",
            $"'{key}' cannot be read.",
            $"'{text}' is no length of time such as 5m or 1h30m.",
            Find(key)
        );
        return null;
    }

    public IReadOnlyList<YamlPage> List(string key) =>
        Find(key) switch
        {
            null or YamlScalarNode { Value: "" or "~" or "null" } => [],
            YamlSequenceNode list => [.. list.Children.Select(one => new YamlPage(file, one, problems))],
            var other => Unfit<YamlPage>(key, "a list", other),
        };

    public IReadOnlyList<string> Texts(string key) =>
        Find(key) switch
        {
            null => [],
            YamlSequenceNode list => [.. list.Children.OfType<YamlScalarNode>().Select(one => one.Value ?? "")],
            var other => Unfit<string>(key, "a list", other),
        };

    public IReadOnlyList<Label> Labels(string key) =>
        Find(key) switch
        {
            null or YamlScalarNode { Value: "" or "~" or "null" } => [],
            YamlMappingNode map =>
            [
                .. map.Children.Select(one => new Label(
                    (one.Key as YamlScalarNode)?.Value ?? "",
                    (one.Value as YamlScalarNode)?.Value ?? ""
                )),
            ],
            var other => Unfit<Label>(key, "keys and values", other),
        };

    private YamlNode? Find(string key) =>
        node is not null && node.Children.TryGetValue(new YamlScalarNode(key), out var found) ? found : null;

    private string? Unfit(string key, string wanted, YamlNode value)
    {
        Add("rules.bad-value", $"'{key}' cannot be read.", $"It takes {wanted}.", value);
        return null;
    }

    private List<T> Unfit<T>(string key, string wanted, YamlNode value)
    {
        _ = Unfit(key, wanted, value);
        return [];
    }

    private static ProblemException Bad(string file, string why, Mark? mark) =>
        new(
            new Problem("rules.bad-file", "The file cannot be read.", why, "Mend it at that place.")
            {
                Where = mark is { } at ? $"{file}:{at.Line}:{at.Column}" : file,
                Trouble = Trouble.WrongUse,
            }
        );
}
