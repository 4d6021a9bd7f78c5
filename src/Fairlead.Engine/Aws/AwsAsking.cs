using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Aws;

/// <summary>Asks AWS and takes no other answer than the one that is understood.</summary>
internal static class AwsAsking
{
    /// <summary>The answer as JSON.</summary>
    /// <exception cref="ProblemException">It was refused.</exception>
    public static async Task<JsonObject> JsonAsync(this IAws aws, AwsCall call, string of, CancellationToken stop) =>
        Json(call, Done(call, await aws.AskAsync(call, stop), of));

    /// <summary>The answer as JSON; null where it was refused for one of these reasons.</summary>
    /// <exception cref="ProblemException">It was refused for another one.</exception>
    public static async Task<JsonObject?> TryJsonAsync(
        this IAws aws,
        AwsCall call,
        (string Of, IReadOnlyList<string> Unless) how,
        CancellationToken stop
    )
    {
        var answer = await aws.AskAsync(call, stop);
        return !answer.IsDone && how.Unless.Contains(answer.Code) ? null : Json(call, Done(call, answer, how.Of));
    }

    /// <inheritdoc cref="JsonAsync"/>
    public static async Task<XElement> XmlAsync(this IAws aws, AwsCall call, string of, CancellationToken stop) =>
        Xml(call, Done(call, await aws.AskAsync(call, stop), of));

    public static AwsAnswer Done(AwsCall call, AwsAnswer answer, string of) =>
        answer.IsDone ? answer : throw new ProblemException(AwsProblems.Refused(call, answer, of));

    public static XElement Xml(AwsCall call, AwsAnswer answer)
    {
        try
        {
            return answer.Xml();
        }
        catch (XmlException caught)
        {
            throw new ProblemException(AwsProblems.Strange(call, caught.Message), caught);
        }
    }

    private static JsonObject Json(AwsCall call, AwsAnswer answer)
    {
        try
        {
            return answer.Json();
        }
        catch (JsonException caught)
        {
            throw new ProblemException(AwsProblems.Strange(call, caught.Message), caught);
        }
    }

    /// <summary>The value of the first element of this name, in whatever namespace; null where there is none.</summary>
    public static string? ValueOf(this XElement xml, string name) =>
        xml.Descendants().FirstOrDefault(one => one.Name.LocalName == name)?.Value;

    /// <summary>The child of this name, in whatever namespace.</summary>
    public static XElement? Child(this XElement xml, string name) =>
        xml.Elements().FirstOrDefault(one => one.Name.LocalName == name);

    /// <summary>The members of the first list of this name.</summary>
    public static IEnumerable<XElement> Members(this XElement xml, string name) =>
        xml.Descendants().FirstOrDefault(one => one.Name.LocalName == name)?.Elements() ?? [];
}
