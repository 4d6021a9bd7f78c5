namespace Fairlead.Engine.Infrastructure.Code;

/// <summary>A value in a tool's code, apart from how the tool writes it. The set is closed.</summary>
public abstract record CodeValue
{
    private CodeValue() { }

    /// <summary>A text, letter by letter: whatever would mean something to the tool is escaped when it is written.</summary>
    public sealed record Text(string Value) : CodeValue;

    public sealed record Number(decimal Value) : CodeValue;

    public sealed record Truth(bool Value) : CodeValue;

    public sealed record Items(IReadOnlyList<CodeValue> Values) : CodeValue;

    /// <summary>Values by name, in this order. A name is written as it stands.</summary>
    public sealed record Fields(IReadOnlyList<(string Name, CodeValue Value)> Values) : CodeValue;

    /// <summary>What is known of a piece once it is there.</summary>
    /// <param name="Attribute">As the tool calls it, such as <c>arn</c>; with dots and indexes where it is further inside. Empty for the piece itself.</param>
    public sealed record Of(string Type, string Name, string Attribute) : CodeValue
    {
        /// <summary>Looked up and not made here.</summary>
        public bool IsData { get; init; }
    }

    /// <summary>What whoever applies the code says.</summary>
    public sealed record Setting(string Name) : CodeValue;

    /// <summary>Parts one behind the other, as one text.</summary>
    public sealed record Joined(IReadOnlyList<CodeValue> Parts) : CodeValue;

    /// <summary>A document, which the tool wants as JSON in a text.</summary>
    public sealed record Json(CodeValue Value) : CodeValue;

    /// <summary>A function of the tool's language.</summary>
    public sealed record Call(string Function, IReadOnlyList<CodeValue> Arguments) : CodeValue;

    /// <summary>One of two values, by whether a setting was said.</summary>
    public sealed record Choice(string By, CodeValue Then, CodeValue Otherwise) : CodeValue;

    /// <summary>An attribute of the one among several things that has a value in a field.</summary>
    public sealed record Pick(Of From, string Field, string Value, string Attribute) : CodeValue;

    public static implicit operator CodeValue(string text) => new Text(text);

    public static implicit operator CodeValue(int number) => new Number(number);

    public static implicit operator CodeValue(bool truth) => new Truth(truth);

    public static CodeValue List(params IReadOnlyList<CodeValue> values) => new Items(values);

    public static CodeValue Map(params IReadOnlyList<(string Name, CodeValue Value)> values) => new Fields(values);

    public static CodeValue Join(params IReadOnlyList<CodeValue> parts) => new Joined(parts);
}
