using System.Globalization;
using System.Text;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Infrastructure.CloudFormation;

/// <summary>What CloudFormation is asked. Source: its API reference, version 2010-05-15, query protocol.</summary>
internal static class StackCalls
{
    private const string Version = "2010-05-15";

    public static AwsCall DescribeStack(StackPart part, string nameOrId) =>
        Call(part, "DescribeStacks", [("StackName", nameOrId)]);

    public static AwsCall Summary(StackPart part) =>
        Call(part, "GetTemplateSummary", [("TemplateBody", part.Template)]);

    public static AwsCall Template(StackPart part) =>
        Call(part, "GetTemplate", [("StackName", part.Stack), ("TemplateStage", "Original")]);

    /// <param name="isNew">The stack is not there yet. Said, as a change set for the other would be refused.</param>
    public static AwsCall CreateChangeSet(
        StackPart part,
        string changeSet,
        bool isNew,
        IReadOnlyList<StackValue> parameters
    )
    {
        List<(string, string)> words =
        [
            ("StackName", part.Stack),
            ("ChangeSetName", changeSet),
            ("ChangeSetType", isNew ? "CREATE" : "UPDATE"),
            ("Capabilities.member.1", "CAPABILITY_IAM"),
            ("Description", "Planned by Fairlead"),
            ("TemplateBody", part.Template),
        ];
        var number = 0;
        foreach (var one in parameters)
        {
            number++;
            words.Add((Numbered("Parameters", number, "ParameterKey"), one.Name));
            words.Add(
                one.Value is { } value
                    ? (Numbered("Parameters", number, "ParameterValue"), value)
                    : (Numbered("Parameters", number, "UsePreviousValue"), "true")
            );
        }
        number = 0;
        foreach (var (name, value) in part.Tags)
        {
            number++;
            words.Add((Numbered("Tags", number, "Key"), name));
            words.Add((Numbered("Tags", number, "Value"), value));
        }
        return Call(part, "CreateChangeSet", words);
    }

    public static AwsCall DescribeChangeSet(StackPart part, string changeSet, string? next) =>
        Call(
            part,
            "DescribeChangeSet",
            [("StackName", part.Stack), ("ChangeSetName", changeSet), ("IncludePropertyValues", "true"), .. Next(next)]
        );

    public static AwsCall ListChangeSets(StackPart part, string? next) =>
        Call(part, "ListChangeSets", [("StackName", part.Stack), .. Next(next)]);

    public static AwsCall DeleteChangeSet(StackPart part, string changeSet) =>
        Call(part, "DeleteChangeSet", [("StackName", part.Stack), ("ChangeSetName", changeSet)]);

    // The token makes it harmless to be sent twice, as when an answer was lost.
    public static AwsCall ExecuteChangeSet(StackPart part, string changeSet) =>
        Call(
            part,
            "ExecuteChangeSet",
            [("StackName", part.Stack), ("ChangeSetName", changeSet), ("ClientRequestToken", changeSet)]
        );

    public static AwsCall Events(StackPart part, string stackId, string? next) =>
        Call(part, "DescribeStackEvents", [("StackName", stackId), .. Next(next)]);

    public static AwsCall Resources(StackPart part, string? next) =>
        Call(part, "ListStackResources", [("StackName", part.Stack), .. Next(next)]);

    public static AwsCall Delete(StackPart part, string plan) =>
        Call(part, "DeleteStack", [("StackName", part.Stack), ("ClientRequestToken", $"fairlead-{plan}")]);

    public static AwsCall SetPolicy(StackPart part, string policy) =>
        Call(part, "SetStackPolicy", [("StackName", part.Stack), ("StackPolicyBody", policy)]);

    public static AwsCall DetectDrift(StackPart part) => Call(part, "DetectStackDrift", [("StackName", part.Stack)]);

    public static AwsCall DriftStatus(StackPart part, string detection) =>
        Call(part, "DescribeStackDriftDetectionStatus", [("StackDriftDetectionId", detection)]);

    public static AwsCall Drifts(StackPart part, string? next) =>
        Call(
            part,
            "DescribeStackResourceDrifts",
            [
                ("StackName", part.Stack),
                ("StackResourceDriftStatusFilters.member.1", "MODIFIED"),
                ("StackResourceDriftStatusFilters.member.2", "DELETED"),
                .. Next(next),
            ]
        );

    private static IEnumerable<(string, string)> Next(string? next) => next is null ? [] : [("NextToken", next)];

    private static string Numbered(string list, int number, string word) =>
        string.Create(CultureInfo.InvariantCulture, $"{list}.member.{number}.{word}");

    private static AwsCall Call(StackPart part, string action, IEnumerable<(string Name, string Value)> words) =>
        new("cloudformation", action, "POST", "/")
        {
            Region = part.Region,
            ContentType = "application/x-www-form-urlencoded; charset=utf-8",
            Body = Encoding.UTF8.GetBytes(
                string.Join(
                    '&',
                    words
                        .Prepend(("Version", Version))
                        .Prepend(("Action", action))
                        .Select(static one => $"{one.Item1}={Uri.EscapeDataString(one.Item2)}")
                )
            ),
        };
}

/// <summary>What a parameter is given.</summary>
/// <param name="Value">Null for what it has already.</param>
internal sealed record StackValue(string Name, string? Value);
