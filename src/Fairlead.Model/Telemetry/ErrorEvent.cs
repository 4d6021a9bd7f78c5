using System.Text.Json.Serialization;

namespace Fairlead.Model.Telemetry;

/// <summary>An error as a program told of it, whichever library it used. Whoever reads one keeps to <see cref="ErrorBounds"/>.</summary>
public sealed record ErrorEvent
{
    /// <summary>The sender's own id of it, else one of ours.</summary>
    public required string Id { get; init; }

    public required DateTimeOffset At { get; init; }

    public Severity Level { get; init; } = Severity.Error;

    /// <summary>The exception that was reported, then what caused it, and so on; empty for a message alone.</summary>
    public IReadOnlyList<Thrown> Exceptions { get; init; } = [];

    /// <summary>What was said, with its values.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Message { get; init; }

    /// <summary>The message before values were put in, where the library tells.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Template { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Logger { get; init; }

    /// <summary>What the program was doing, such as <c>GET /cart</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Transaction { get; init; }

    /// <summary>How the program itself wants it grouped; <c>{{ default }}</c> stands for what Fairlead would do.</summary>
    public IReadOnlyList<string> Fingerprint { get; init; } = [];

    /// <summary>Such as javascript, node, python, csharp.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Platform { get; init; }

    /// <summary>The release as the sender names it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ReleaseName { get; init; }

    /// <summary>Fairlead's number of the release; null when it is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Release { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Environment { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Service { get; init; }

    /// <summary>Who was hit; once it is kept, a hash that cannot be turned back.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? User { get; init; }

    /// <summary>Where the user came from; once it is kept, without its last part.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Address { get; init; }

    /// <summary>The program caught it and went on; null when that is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? IsHandled { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AskedRequest? Request { get; init; }

    /// <summary>Words by name, such as browser and server.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>What happened before, oldest first.</summary>
    public IReadOnlyList<Breadcrumb> Breadcrumbs { get; init; } = [];

    /// <summary>Ids of source maps by the file that they explain.</summary>
    public IReadOnlyDictionary<string, string> DebugIds { get; init; } = new Dictionary<string, string>();

    /// <summary>Which library sent it, such as <c>sentry.javascript.node 11.12.0</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Sdk { get; init; }
}

/// <summary>One exception of a chain.</summary>
/// <param name="Type">Its class, such as TypeError; empty for a message that came with a stack.</param>
/// <param name="Frames">Where it was thrown, first; then who called.</param>
public sealed record Thrown(string Type, string Value, IReadOnlyList<StackFrame> Frames);

/// <summary>A place in a program.</summary>
public sealed record StackFrame
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Function { get; init; }

    /// <summary>A path or an address, as the library sent it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? File { get; init; }

    /// <summary>The module, package or class, where the language has them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Module { get; init; }

    /// <summary>From 1; 0 when it is not known.</summary>
    public int Line { get; init; }

    /// <summary>From 1; 0 when it is not known.</summary>
    public int Column { get; init; }

    /// <summary>The program's own code, not a library's; null when the sender does not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? IsInApp { get; init; }

    /// <summary>The line itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Code { get; init; }

    public IReadOnlyList<string> Before { get; init; } = [];

    public IReadOnlyList<string> After { get; init; } = [];

    /// <summary>The place in what was built, where a source map led here; null otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StackFrame? Built { get; init; }
}

/// <summary>The request during which an error happened.</summary>
/// <param name="Url">Without the values of its query.</param>
/// <param name="Headers">Those that tell nothing secret.</param>
public sealed record AskedRequest(string Method, string Url, IReadOnlyDictionary<string, string> Headers);

/// <summary>Something that happened before an error.</summary>
public sealed record Breadcrumb(DateTimeOffset? At, string Category, string Text);

/// <summary>How much of an error is kept. What is beyond is cut off, so that one sender cannot fill the disk.</summary>
public static class ErrorBounds
{
    public const int ExceptionsMax = 16;

    /// <summary>Of one exception; from a longer stack the middle is left out.</summary>
    public const int FramesMax = 100;

    public const int BreadcrumbsMax = 50;
    public const int TagsMax = 50;
    public const int FingerprintMax = 16;

    /// <summary>Lines before and after a frame's own.</summary>
    public const int ContextLinesMax = 5;

    /// <summary>Of a name, a file or a tag.</summary>
    public const int WordMax = 256;

    /// <summary>Of a message.</summary>
    public const int TextMax = 4096;

    /// <summary>Of a line of code.</summary>
    public const int CodeMax = 256;

    /// <summary>Of one event as it is sent, inflated; as Sentry's.</summary>
    public const int EventBytesMax = 1 << 20;
}
