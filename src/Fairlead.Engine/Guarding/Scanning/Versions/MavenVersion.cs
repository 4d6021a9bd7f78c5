namespace Fairlead.Engine.Guarding.Scanning.Versions;

/// <summary>
/// Versions of Maven, as the ComparableVersion of Maven 3.8 orders them: <c>1.0-alpha-1</c>, <c>1.0</c>, <c>1.0-sp</c>, <c>1.0.1</c>. A dash, or a
/// change between digits and letters, begins a list within the list; what says nothing (0, final, ga, release) at an end is left out.
/// </summary>
internal static class MavenVersion
{
    private static readonly string[] Qualifiers = ["alpha", "beta", "milestone", "rc", "snapshot", "", "sp"];

    public static int? Compare(string left, string right) =>
        IsVersion(left) && IsVersion(right) ? Math.Sign(Lists(Read(left), Read(right))) : null;

    private static bool IsVersion(string text) => text.All(static letter => letter is > ' ' and <= '~');

    private abstract record Item
    {
        public sealed record Number(string Digits) : Item;

        /// <param name="Text">Lower case, its aliases resolved.</param>
        public sealed record Word(string Text) : Item;

        public sealed record Row(List<Item> Items) : Item;

        public bool IsNothing =>
            this switch
            {
                Number one => one.Digits.Length == 0,
                Word one => one.Text.Length == 0,
                Row one => one.Items.Count == 0,
                _ => false,
            };
    }

    private static Item.Row Read(string text)
    {
        text = text.ToLowerInvariant();
        var root = new Item.Row([]);
        var row = root;
        List<Item.Row> rows = [root];
        var (isDigit, start) = (false, 0);
        void Deeper()
        {
            Item.Row below = new([]);
            row.Items.Add(below);
            row = below;
            rows.Add(row);
        }
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            if (letter is '.' or '-')
            {
                row.Items.Add(at == start ? new Item.Number("") : Of(isDigit, text[start..at], isBeforeDigit: false));
                start = at + 1;
                if (letter == '-')
                {
                    Deeper();
                }
            }
            else if (at > start && char.IsAsciiDigit(letter) != isDigit)
            {
                // 1.0rc1 is 1.0-rc-1: a word between numbers makes a list of its own.
                if (!isDigit && row.Items.Count > 0)
                {
                    Deeper();
                }
                row.Items.Add(Of(isDigit, text[start..at], isBeforeDigit: !isDigit));
                start = at;
                Deeper();
            }
            isDigit = char.IsAsciiDigit(letter);
        }
        if (text.Length > start)
        {
            if (!isDigit && row.Items.Count > 0)
            {
                Deeper();
            }
            row.Items.Add(Of(isDigit, text[start..], isBeforeDigit: false));
        }
        for (var at = rows.Count - 1; at >= 0; at--)
        {
            Normalize(rows[at]);
        }
        return root;
    }

    private static Item Of(bool isDigit, string text, bool isBeforeDigit) =>
        isDigit
            ? new Item.Number(text.TrimStart('0'))
            : new Item.Word(
                (text, isBeforeDigit) switch
                {
                    ("a", true) => "alpha",
                    ("b", true) => "beta",
                    ("m", true) => "milestone",
                    ("ga" or "final" or "release", _) => "",
                    ("cr", _) => "rc",
                    _ => text,
                }
            );

    // What says nothing is left out at an end, and before the lists that stand at an end.
    private static void Normalize(Item.Row row)
    {
        for (var at = row.Items.Count - 1; at >= 0; at--)
        {
            if (row.Items[at].IsNothing)
            {
                row.Items.RemoveAt(at);
            }
            else if (row.Items[at] is not Item.Row)
            {
                break;
            }
        }
    }

    private static int Lists(Item.Row left, Item.Row right)
    {
        for (var at = 0; at < Math.Max(left.Items.Count, right.Items.Count); at++)
        {
            var one = at < left.Items.Count ? left.Items[at] : null;
            var other = at < right.Items.Count ? right.Items[at] : null;
            var order = one is null ? -Items(other!, null) : Items(one, other);
            if (order != 0)
            {
                return order;
            }
        }
        return 0;
    }

    private static int Items(Item left, Item? right) =>
        (left, right) switch
        {
            (Item.Number one, null) => one.Digits.Length == 0 ? 0 : 1,
            (Item.Number one, Item.Number other) => VersionOrder.Numbers(one.Digits, other.Digits),
            (Item.Number, _) => 1,
            (Item.Word one, null) => Words(one.Text, ""),
            (Item.Word one, Item.Word other) => Words(one.Text, other.Text),
            (Item.Word, _) => -1,
            (Item.Row { Items.Count: 0 }, null) => 0,
            (Item.Row one, null) => one.Items.Select(item => Items(item, null)).FirstOrDefault(order => order != 0),
            (Item.Row, Item.Number) => -1,
            (Item.Row, Item.Word) => 1,
            (Item.Row one, Item.Row other) => Lists(one, other),
            _ => 0,
        };

    // Words that mean nothing here come after all that do, by letter.
    private static int Words(string left, string right)
    {
        var (one, other) = (Array.IndexOf(Qualifiers, left), Array.IndexOf(Qualifiers, right));
        return (one < 0, other < 0) switch
        {
            (true, true) => Math.Sign(string.CompareOrdinal(left, right)),
            (true, false) => 1,
            (false, true) => -1,
            _ => one.CompareTo(other),
        };
    }
}
