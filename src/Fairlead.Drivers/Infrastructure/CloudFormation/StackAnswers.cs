using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Fairlead.Model.Resources;
using Fairlead.Model.Web;

namespace Fairlead.Drivers.Infrastructure.CloudFormation;

/// <summary>Reads what CloudFormation says. What it leaves out is empty.</summary>
internal static class StackAnswers
{
    public static StackState? Stack(XElement answer)
    {
        if (Members(answer, "Stacks").FirstOrDefault() is not { } stack)
        {
            return null;
        }
        return new(Word(stack, "StackId"), Word(stack, "StackStatus"), Word(stack, "StackStatusReason"))
        {
            Changed = Word(stack, "LastUpdatedTime") is { Length: > 0 } changed ? changed : Word(stack, "CreationTime"),
            Parameters = Pairs(stack, "Parameters", "ParameterKey", "ParameterValue"),
            Outputs = Pairs(stack, "Outputs", "OutputKey", "OutputValue"),
        };
    }

    /// <summary>Parameters of a template, with their defaults; null for one that has to be said.</summary>
    public static IReadOnlyList<StackValue> Parameters(XElement answer) =>
        [
            .. Members(answer, "Parameters")
                .Select(static one => new StackValue(Word(one, "ParameterKey"), Child(one, "DefaultValue")?.Value)),
        ];

    public static ChangeSetState ChangeSet(XElement answer)
    {
        var result = Result(answer);
        return new(
            Word(result, "Status"),
            Word(result, "ExecutionStatus"),
            Word(result, "StatusReason"),
            [.. Members(answer, "Changes").Select(Change).OfType<PlannedChange>()]
        );
    }

    public static IReadOnlyList<(string Name, string Id)> ChangeSets(XElement answer) =>
        [.. Members(answer, "Summaries").Select(static one => (Word(one, "ChangeSetName"), Word(one, "ChangeSetId")))];

    public static IReadOnlyList<StackEvent> Events(XElement answer) =>
        [
            .. Members(answer, "StackEvents")
                .Select(static one => new StackEvent(
                    Word(one, "EventId"),
                    Word(one, "LogicalResourceId"),
                    Word(one, "ResourceType"),
                    Word(one, "ResourceStatus"),
                    Word(one, "ResourceStatusReason")
                )),
        ];

    public static IReadOnlyList<Provisioned> Resources(XElement answer) =>
        [
            .. Members(answer, "StackResourceSummaries")
                // What was removed stays in the list for a while.
                .Where(static one => Word(one, "ResourceStatus") is not ("DELETE_COMPLETE" or "DELETE_SKIPPED"))
                .Select(static one => new Provisioned(
                    Word(one, "LogicalResourceId"),
                    Word(one, "ResourceType"),
                    Word(one, "PhysicalResourceId") is { Length: > 0 } id ? id : null
                )),
        ];

    public static IReadOnlyList<PlannedChange> Drifts(XElement answer) =>
        [
            .. Members(answer, "StackResourceDrifts")
                .Where(static one => Word(one, "StackResourceDriftStatus") is "MODIFIED" or "DELETED")
                .Select(static one => new PlannedChange(
                    Word(one, "LogicalResourceId"),
                    Word(one, "ResourceType"),
                    Word(one, "StackResourceDriftStatus") == "DELETED" ? PlannedAction.Delete : PlannedAction.Update
                )
                {
                    Before = Json(Word(one, "ExpectedProperties")),
                    After = Json(Word(one, "ActualProperties")),
                    Differs =
                    [
                        .. Members(one, "PropertyDifferences")
                            .Select(static difference => Word(difference, "PropertyPath").Trim('/').Split('/')[0])
                            .Distinct(),
                    ],
                }),
        ];

    /// <summary>The first word of that name, wherever it stands.</summary>
    public static string Any(XElement answer, string name) =>
        answer.Descendants().FirstOrDefault(one => one.Name.LocalName == name)?.Value ?? "";

    /// <summary>Where the next page begins; null on the last one.</summary>
    public static string? Next(XElement answer) => Any(answer, "NextToken") is { Length: > 0 } token ? token : null;

    private static PlannedChange? Change(XElement change)
    {
        if (Child(change, "ResourceChange") is not { } one)
        {
            return null;
        }
        var (replacement, after) = (Word(one, "Replacement"), Word(one, "PolicyAction"));
        var action = Word(one, "Action") switch
        {
            "Add" => PlannedAction.Create,
            "Remove" when after == "Retain" => PlannedAction.Forget,
            "Remove" => PlannedAction.Delete,
            "Import" => PlannedAction.Import,
            // What may be replaced is told as what will be: nobody was ever hurt by being asked once more.
            _ when replacement is "True" or "Conditional" => PlannedAction.Replace,
            _ => PlannedAction.Update,
        };
        var targets = Members(one, "Details")
            .Select(static detail => Child(detail, "Target"))
            .OfType<XElement>()
            .ToList();
        return new(Word(one, "LogicalResourceId"), Word(one, "ResourceType"), action)
        {
            Before = Json(Word(one, "BeforeContext")),
            After = Json(Word(one, "AfterContext")),
            Differs = [.. targets.Select(Name).Where(static name => name.Length > 0).Distinct()],
            Forced =
            [
                .. targets
                    .Where(static target => Word(target, "RequiresRecreation") == "Always")
                    .Select(Name)
                    .Where(static name => name.Length > 0)
                    .Distinct(),
            ],
            Reason = Reason(action, replacement, after),
        };
    }

    private static string? Reason(PlannedAction action, string replacement, string after) =>
        (action, replacement, after) switch
        {
            (PlannedAction.Replace, _, "ReplaceAndRetain") =>
                "a new one is made, and the old one stays and belongs to nobody",
            (PlannedAction.Replace, _, "ReplaceAndSnapshot") =>
                "a new one is made, and a snapshot of the old one stays",
            (PlannedAction.Replace, "Conditional", _) =>
                "it may be made anew, which CloudFormation only knows while it does so",
            (PlannedAction.Delete, _, "Snapshot") => "a snapshot of it stays",
            (PlannedAction.Forget, _, _) => "it stays, and belongs to no stack any more",
            _ => null,
        };

    private static string Name(XElement target) =>
        Word(target, "Name") is { Length: > 0 } name ? name : Word(target, "Attribute");

    private static JsonObject? Json(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }
        try
        {
            return JsonTexts.Read(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null; // Only for looking at; the change itself is known without.
        }
    }

    private static Dictionary<string, string> Pairs(XElement of, string list, string key, string value)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var one in Members(of, list))
        {
            pairs[Word(one, key)] = Word(one, value);
        }
        return pairs;
    }

    // <DescribeStacksResponse><DescribeStacksResult><Stacks><member>...
    private static XElement Result(XElement answer) =>
        answer.Elements().FirstOrDefault(static one => one.Name.LocalName.EndsWith("Result", StringComparison.Ordinal))
        ?? answer;

    private static IEnumerable<XElement> Members(XElement of, string list) =>
        (Child(of, list) ?? Child(Result(of), list))?.Elements().Where(static one => one.Name.LocalName == "member")
        ?? [];

    private static XElement? Child(XElement of, string name) =>
        of.Elements().FirstOrDefault(one => one.Name.LocalName == name);

    private static string Word(XElement of, string name) => Child(of, name)?.Value.Trim() ?? "";
}

/// <summary>How a stack stands.</summary>
internal sealed record StackState(string Id, string Status, string Reason)
{
    /// <summary>When it was changed last, as AWS writes it.</summary>
    public string Changed { get; init; } = "";

    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Outputs { get; init; } = new Dictionary<string, string>();

    /// <summary>It has a name and change sets, and nothing else yet.</summary>
    public bool IsEmpty => Status == "REVIEW_IN_PROGRESS";

    public bool IsUnderWay => Status.EndsWith("_IN_PROGRESS", StringComparison.Ordinal) && !IsEmpty;

    /// <summary>It never came to be, and can only be deleted.</summary>
    public bool IsStillborn => Status is "ROLLBACK_COMPLETE" or "ROLLBACK_FAILED" or "CREATE_FAILED" or "DELETE_FAILED";
}

/// <summary>How a change set stands.</summary>
internal sealed record ChangeSetState(
    string Status,
    string Execution,
    string Reason,
    IReadOnlyList<PlannedChange> Changes
)
{
    public const string NoUpdates = "No updates are to be performed";

    public bool IsReady => Status == "CREATE_COMPLETE";

    public bool IsUnderWay => Status is "CREATE_PENDING" or "CREATE_IN_PROGRESS";

    /// <summary>There is nothing to do, which CloudFormation calls a failure.</summary>
    public bool IsEmpty =>
        Status == "FAILED"
        && (
            Reason.Contains("didn't contain changes", StringComparison.Ordinal)
            || Reason.Contains(NoUpdates, StringComparison.Ordinal)
        );
}

/// <summary>Something that happened to a stack.</summary>
internal sealed record StackEvent(string Id, string Address, string Type, string Status, string Reason)
{
    /// <summary>It failed by itself, and not because something else had.</summary>
    public bool IsCause =>
        Status.EndsWith("_FAILED", StringComparison.Ordinal)
        && !Reason.Contains("cancelled", StringComparison.OrdinalIgnoreCase)
        && Type != "AWS::CloudFormation::Stack";

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Address} ({Type}) {Status}{(Reason.Length > 0 ? $": {Reason}" : "")}"
        );
}
