using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Web;

namespace Fairlead.Drivers.Infrastructure.CloudFormation;

/// <summary>One stack of a site: its template, and what it is given.</summary>
internal sealed record StackPart(string Stack, string Region, string Template)
{
    /// <summary>What stands before the ids of its resources where a site has more than one stack; empty for the main one.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Values of parameters; empty ones were not said.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new SortedDictionary<string, string>();

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new SortedDictionary<string, string>();

    /// <summary>What keeps updates from harming data; null for none.</summary>
    public string? Policy { get; init; }
}

/// <summary>Reads what a site's stacks are made of, in the order in which they are made.</summary>
internal static class StackProject
{
    public const string CertificateFile = "cdn-certificate.yaml";
    private const string TemplateFile = "template.yaml";
    private const string ConfigurationFile = "stack.json";
    private const string CertificateRegion = "us-east-1";
    private const int BytesMax = 51_200;

    public static IReadOnlyList<StackPart> Read(ProvisionWork work, Func<string, string> shorten)
    {
        var stack = $"{work.Site.App}-{work.Site.Environment}";
        var configuration = Configuration(work);
        var main = new StackPart(stack, work.Place.Region, Short(work, TemplateFile, shorten))
        {
            Values = Words(configuration?["Parameters"]),
            Tags = Words(configuration?["Tags"]),
            Policy = (configuration?["StackPolicy"] as JsonObject)?.ToJsonString(),
        };
        // Nothing of it may be known when a site is only listed or removed: then both are looked for.
        return work.Files.Count > 0 && !work.Files.ContainsKey(CertificateFile)
            ? [main]
            :
            [
                new($"{stack}-cdn-certificate", CertificateRegion, Short(work, CertificateFile, shorten))
                {
                    Prefix = "cdn-certificate/",
                    Tags = main.Tags,
                },
                main,
            ];
    }

    // What is too long even so would have to be laid into a bucket first.
    private static string Short(ProvisionWork work, string file, Func<string, string> shorten)
    {
        var text = work.Files.GetValueOrDefault(file, "");
        if (Encoding.UTF8.GetByteCount(text) <= BytesMax)
        {
            return text;
        }
        var terse = shorten(text);
        var bytes = Encoding.UTF8.GetByteCount(terse);
        return bytes <= BytesMax
            ? terse
            : throw new ProblemException(StackProblems.TooLong(work.Site, bytes, BytesMax));
    }

    private static JsonObject? Configuration(ProvisionWork work)
    {
        if (!work.Files.TryGetValue(ConfigurationFile, out var text))
        {
            return null;
        }
        try
        {
            return JsonTexts.Read(text) as JsonObject;
        }
        catch (JsonException caught)
        {
            throw new ProblemException(StackProblems.WrongConfiguration(ConfigurationFile, caught.Message), caught);
        }
    }

    private static SortedDictionary<string, string> Words(JsonNode? node)
    {
        var words = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in node as JsonObject ?? [])
        {
            if (value is JsonValue text && text.TryGetValue<string>(out var word))
            {
                words[name] = word;
            }
        }
        return words;
    }
}
