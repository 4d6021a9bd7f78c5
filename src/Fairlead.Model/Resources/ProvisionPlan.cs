using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Fairlead.Model.Resources;

/// <summary>What a tool would do. Exactly this is done afterwards, or nothing.</summary>
/// <param name="Id">Names this plan and no other; lower-case hex.</param>
/// <param name="Changes">What would be changed, in the order in which the tool says it; what only is read is left out.</param>
public sealed record ProvisionPlan(string Id, IReadOnlyList<PlannedChange> Changes)
{
    /// <summary>What was changed behind the tool's back since it looked last.</summary>
    public IReadOnlyList<PlannedChange> Drift { get; init; } = [];

    /// <summary>All that is there once it was done, whether it changes or not; empty where the tool does not say it.</summary>
    public IReadOnlyList<PlannedThing> Result { get; init; } = [];

    public bool IsEmpty => Changes.Count == 0;
}

/// <summary>What would be done with one thing.</summary>
/// <param name="Address">As the tool calls it, such as <c>aws_s3_bucket.uploads</c>.</param>
/// <param name="Type">As the tool calls it, such as <c>aws_s3_bucket</c> or <c>AWS::S3::Bucket</c>.</param>
public sealed record PlannedChange(string Address, string Type, PlannedAction Action)
{
    /// <summary>What stands for a value that nobody may see.</summary>
    public const string Hidden = "(hidden)";

    /// <summary>What stands for a value that is only known once it is there.</summary>
    public const string Unknown = "(known after apply)";

    /// <summary>As it is; null for what is not there yet, and where the tool does not say it.</summary>
    public JsonObject? Before { get; init; }

    /// <summary>As it will be, with <see cref="Hidden"/> and <see cref="Unknown"/> for such values; null for what will be gone.</summary>
    public JsonObject? After { get; init; }

    /// <summary>Attributes that differ, by their names at the top.</summary>
    public IReadOnlyList<string> Differs { get; init; } = [];

    /// <summary>Attributes that cannot be changed, so that it is made anew.</summary>
    public IReadOnlyList<string> Forced { get; init; } = [];

    /// <summary>Why, in the tool's word, where no attribute says it; null for nothing.</summary>
    public string? Reason { get; init; }
}

/// <summary>Something that is there once a plan was done.</summary>
/// <param name="Address">As the tool calls it.</param>
/// <param name="Type">As the tool calls it.</param>
/// <param name="Values">With <see cref="PlannedChange.Hidden"/> and <see cref="PlannedChange.Unknown"/> for such values.</param>
public sealed record PlannedThing(string Address, string Type, JsonObject Values)
{
    /// <summary>The region that its provider is set to; null where the code does not say it.</summary>
    public string? Region { get; init; }

    /// <summary>Attributes that the code says, by their names at the top; null where the code is not known.</summary>
    public IReadOnlySet<string>? Said { get; init; }

    /// <summary>Those whose value stands in the code, letter by letter.</summary>
    public IReadOnlySet<string> Constant { get; init; } = new HashSet<string>();

    /// <summary>
    /// What an attribute is made of, by its name at the top: addresses of other things without indexes, and names that lead nowhere, such
    /// as <c>local.bucket</c>.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Refers { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();
}

/// <summary>What would be done.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PlannedAction>))]
public enum PlannedAction
{
    [JsonStringEnumMemberName("create")]
    Create,

    [JsonStringEnumMemberName("update")]
    Update,

    /// <summary>Removed and made anew, in either order.</summary>
    [JsonStringEnumMemberName("replace")]
    Replace,

    [JsonStringEnumMemberName("delete")]
    Delete,

    /// <summary>No longer looked after, and left where it is.</summary>
    [JsonStringEnumMemberName("forget")]
    Forget,

    /// <summary>What is there already is looked after from now on.</summary>
    [JsonStringEnumMemberName("import")]
    Import,
}

/// <summary>Something that is there.</summary>
/// <param name="Id">As the cloud calls it; null where the tool does not say it.</param>
public sealed record Provisioned(string Address, string Type, string? Id)
{
    /// <summary>Its values, with <see cref="PlannedChange.Hidden"/> for those that nobody may see; null where the tool does not say them.</summary>
    public JsonObject? Values { get; init; }
}
