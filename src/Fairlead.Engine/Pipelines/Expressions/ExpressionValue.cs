namespace Fairlead.Engine.Pipelines.Expressions;

/// <summary>What an expression comes to. The set is closed.</summary>
public abstract class ExpressionValue
{
    private ExpressionValue() { }

    /// <summary>No value.</summary>
    public sealed class Nothing : ExpressionValue;

    /// <summary>True or false.</summary>
    public sealed class Truth(bool holds) : ExpressionValue
    {
        public bool Holds { get; } = holds;
    }

    /// <summary>A number, as JavaScript has them.</summary>
    public sealed class Number(double amount) : ExpressionValue
    {
        public double Amount { get; } = amount;
    }

    /// <summary>A text.</summary>
    public sealed class Text(string letters) : ExpressionValue
    {
        public string Letters { get; } = letters;
    }

    /// <summary>Values in a row.</summary>
    /// <param name="isFiltered">Made by a star: what follows is taken from each of its items.</param>
    public sealed class Row(IReadOnlyList<ExpressionValue> items, bool isFiltered = false) : ExpressionValue
    {
        public IReadOnlyList<ExpressionValue> Items { get; } = items;

        public bool IsFiltered { get; } = isFiltered;
    }

    /// <summary>Values under names, in whatever case these are asked for.</summary>
    public sealed class Group : ExpressionValue
    {
        private readonly OrderedDictionary<string, ExpressionValue> entries = new(StringComparer.OrdinalIgnoreCase);

        /// <param name="entries">Of names that differ in their case alone, the first one holds.</param>
        public Group(IEnumerable<KeyValuePair<string, ExpressionValue>> entries)
        {
            foreach (var (name, value) in entries)
            {
                this.entries.TryAdd(name, value);
            }
        }

        public IReadOnlyCollection<KeyValuePair<string, ExpressionValue>> Entries => entries;

        public ExpressionValue? Find(string name) => entries.GetValueOrDefault(name);
    }

    public static ExpressionValue None { get; } = new Nothing();

    public static ExpressionValue True { get; } = new Truth(holds: true);

    public static ExpressionValue False { get; } = new Truth(holds: false);

    public static ExpressionValue Of(bool holds) => holds ? True : False;

    /// <param name="text">Null is no value.</param>
    public static ExpressionValue Of(string? text) => text is null ? None : new Text(text);

    public static ExpressionValue Of(IEnumerable<KeyValuePair<string, string>> texts) =>
        new Group(texts.Select(static one => KeyValuePair.Create(one.Key, Of(one.Value))));

    /// <summary>Nothing, false, 0, no number and the empty text do not hold; all else does.</summary>
    public bool IsTrue =>
        this switch
        {
            Nothing => false,
            Truth truth => truth.Holds,
            Number number => number.Amount != 0 && !double.IsNaN(number.Amount),
            Text text => text.Letters.Length > 0,
            _ => true,
        };

    /// <summary>Whether it is a single value, which has a text of its own.</summary>
    public bool IsSingle => this is not (Row or Group);

    /// <summary>Its number; not one (NaN) for a text that says none, a row and a group.</summary>
    public double AsNumber =>
        this switch
        {
            Nothing => 0,
            Truth truth => truth.Holds ? 1 : 0,
            Number number => number.Amount,
            Text text => NumberText.Read(text.Letters),
            _ => double.NaN,
        };

    /// <summary>As it stands in a text: nothing is empty, a row is <c>Array</c> and a group is <c>Object</c>.</summary>
    public override string ToString() =>
        this switch
        {
            Truth truth => truth.Holds ? "true" : "false",
            Number number => NumberText.Rounded(number.Amount),
            Text text => text.Letters,
            Row => "Array",
            Group => "Object",
            _ => "",
        };
}
