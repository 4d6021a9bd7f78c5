using System.Text.RegularExpressions;

namespace Fairlead.Engine.Watching.Errors;

/// <summary>Takes out of a text what changes from one event of an error to the next: numbers, ids, hashes, dates, quoted values.</summary>
internal static partial class Normal
{
    private const int MessageMax = 500;
    private static readonly char[] DigitLetters = [.. "0123456789"];
    private static readonly Remembered Files = new(PlainFile);
    private static readonly Remembered Functions = new(PlainFunction);

    /// <summary><c>Card 4711 of 'ann@example.com' refused by 10.0.0.7:443</c> becomes <c>Card # of '' refused by IP</c>.</summary>
    public static string Message(string text)
    {
        var one = Whitespace().Replace(text.Length > MessageMax * 4 ? text[..(MessageMax * 4)] : text, " ").Trim();
        var plain = Varying().Replace(one, Name);
        return plain.Length > MessageMax ? plain[..MessageMax] : plain;
    }

    /// <summary>
    /// The end of a file's path without where it lies, what a build wrote into its name, and versions:
    /// <c>https://cdn.example/assets/main.3f9a1c.js?v=2</c> becomes <c>assets/main.*.js</c>.
    /// </summary>
    public static string File(string path) => Files.Of(path);

    /// <summary>A function's name without what compilers and runtimes add; empty for one that has none.</summary>
    public static string Function(string? name) => name is null ? "" : Functions.Of(name);

    private static string PlainFile(string path)
    {
        var end = path.IndexOfAny(['?', '#']);
        var parts = (end < 0 ? path : path[..end]).Replace('\\', '/').Split('/', StringSplitOptions.RemoveEmptyEntries);
        var start = parts.Length > 0 && parts[0].EndsWith(':') ? Math.Min(2, parts.Length - 1) : 0;
        var names = parts[start..].Where(one => one is not ("." or ".." or "_next")).Select(Segment).ToArray();
        return names switch
        {
            [] => "",
            [.., var folder, var file] when folder != Any => $"{folder}/{file}",
            [.., var file] => file,
        };
    }

    private static string PlainFunction(string name)
    {
        if (string.IsNullOrWhiteSpace(name) || Nameless().IsMatch(name))
        {
            return "";
        }
        // Class.<GetAsync>d__5.MoveNext and Class.<>c__DisplayClass3_0.<Get>b__1 are what a C# compiler makes of GetAsync and Get.
        var plain = CompilersOwn().Replace(name, match => match.Groups["name"].Value + match.Groups["rest"].Value);
        plain = Alias().Replace(plain, "");
        plain = RustHash().Replace(plain, "");
        plain = Prefix().Replace(plain, "");
        plain = Arguments().Replace(plain, "");
        plain = Numbered().Replace(plain, "");
        return plain.Trim('.', ' ', ':');
    }

    public const string Any = "*";

    internal static string Segment(string segment)
    {
        var dot = segment.LastIndexOf('.');
        // shop-1.2.3 has no ending.
        var (stem, ending) =
            dot > 0 && !char.IsAsciiDigit(segment[^1]) ? (segment[..dot], segment[dot..]) : (segment, "");
        if (Version().IsMatch(segment) || IsId(segment))
        {
            return Any;
        }
        stem = InnerUuid().Replace(stem, Any);
        stem = Versions().Replace(stem, match => match.Groups["before"].Value + Any);
        // Vite's and Rollup's hashes may have a dash inside, so the end is looked at first: index-BxPq-m_o.
        if (stem.Length > 9 && stem[^9] is '-' or '.' or '_' && IsShortHash(stem[^8..]))
        {
            return stem[..^8] + Any + ending;
        }
        return Words().Replace(stem, match => IsId(match.Value) || IsHash(match.Value) ? Any : match.Value) + ending;
    }

    private static bool IsId(string word) =>
        Uuid().IsMatch(word)
        || (word.Length > 0 && word.All(char.IsAsciiDigit))
        || (word.Length >= 6 && word.All(char.IsAsciiHexDigit) && word.Any(char.IsAsciiDigit))
        || (word.Length >= 16 && word.All(char.IsAsciiHexDigit));

    /// <summary>Whether a word is a bundler's hash: of the length that bundlers choose, and as no person writes.</summary>
    private static bool IsHash(string word)
    {
        if (word.Length is < 8 or > 64)
        {
            return false;
        }
        var digits = word.Count(char.IsAsciiDigit);
        var isWordAndNumber = word.TrimEnd(DigitLetters).All(char.IsAsciiLetterLower);
        // HIDN4Q6P has no small letters; k3j9d8fa changes its kind all the time, which Base64Encoder and OAuth2Login do not.
        return digits > 0
            && !isWordAndNumber
            && (
                !word.Any(char.IsAsciiLetterLower)
                || (digits + word.Count(char.IsAsciiLetterUpper) >= 3 && Switches(word) * 2 >= word.Length - 1)
            );
    }

    /// <summary>Whether the end of a name is a hash of eight letters of base 64, such as BxPqLmNo: there may be no digit in it.</summary>
    private static bool IsShortHash(string end) =>
        end.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-')
        && (
            IsHash(end)
            || (end.Count(char.IsAsciiLetterUpper) >= 3 && end.Any(char.IsAsciiLetterLower) && Switches(end) >= 4)
        );

    private static int Switches(string word)
    {
        var count = 0;
        for (var i = 1; i < word.Length; i++)
        {
            count += KindOf(word[i]) != KindOf(word[i - 1]) ? 1 : 0;
        }
        return count;
    }

    private static int KindOf(char letter) =>
        char.IsAsciiDigit(letter) ? 0
        : char.IsAsciiLetterUpper(letter) ? 1
        : 2;

    private static string Name(Match match) =>
        match.Groups["quoted"].Success ? "''"
        : match.Groups["url"].Success ? "URL"
        : match.Groups["mail"].Success ? "EMAIL"
        : match.Groups["uuid"].Success ? "UUID"
        : match.Groups["date"].Success ? "DATE"
        : match.Groups["ip"].Success ? "IP"
        : match.Groups["hex"].Success ? "HEX"
        : match.Groups["id"].Success ? Word(match.Value)
        : "#";

    // A long word in which digits stand among letters is an id, such as cus_9s6XKzkNRiz8i3; checkout_step_12 is a name and a number.
    private static string Word(string word) =>
        word.Count(char.IsAsciiDigit) >= 2 && word.TrimEnd(DigitLetters).Any(char.IsAsciiDigit)
            ? "ID"
            : Digits().Replace(word, "#");

    // Each alternative begins at a border and consumes what it looks at, so a long text costs its length and no more.
    [GeneratedRegex(
        """
            (?<quoted>(?<![\p{L}\p{N}])(?:"[^"]{0,400}"|'[^']{0,400}'(?![\p{L}\p{N}])|`[^`]{0,400}`|“[^”]{0,400}”|«[^»]{0,400}»))
            |(?<url>\b[a-z][a-z0-9+.-]{1,20}://[^\s"'<>)]{1,500})
            |(?<mail>\b[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+)
            |(?<uuid>\b[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}\b)
            |(?<date>\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?\b
                |\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?\ (?:\d{1,2}\ )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\ [\d: ]{1,20}(?:GMT(?:[+-]\d{4})?)?
                |\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b|\b\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?\b)
            |(?<ip>\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?::\d{1,5})?\b|\[?(?<![0-9a-zA-Z:])(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F]{1,4}\b\]?(?::\d{1,5})?)
            |(?<hex>\b0x[0-9a-fA-F]+\b|\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{6,}\b|\b(?=[A-F]*\d)(?=\d*[A-F])[0-9A-F]{6,}\b)
            |(?<id>\b[A-Za-z][A-Za-z0-9_]{11,200}\b)
            |(?<number>(?:(?<![\w-])-)?\d+(?:[.,]\d+)*)
            """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Varying();

    [GeneratedRegex(@"[0-9]+", RegexOptions.None, 1000)]
    private static partial Regex Digits();

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Whitespace();

    [GeneratedRegex(
        @"^(?:(?:Object|Module|Function|global|window|self)\.)?[<({\[]?(?:anonymous|unknown|lambda|closure|null|module|toplevel)(?:\s+\w+)?[>)}\]]?$|^\?+$|^<?eval>?$|^top level code$|^global code$",
        RegexOptions.IgnoreCase,
        1000
    )]
    private static partial Regex Nameless();

    [GeneratedRegex(
        @"(?:<>c(?:__DisplayClass\d+_\d+)?[.+])?<(?<name>[^<>]{1,200})>[a-z]__\w{1,60}?(?:\.MoveNext)?(?<rest>\b|$)(?:\.MoveNext(?:\(\))?)?",
        RegexOptions.None,
        1000
    )]
    private static partial Regex CompilersOwn();

    // Function.executeUserEntryPoint [as runMain]
    [GeneratedRegex(@"\s*\[as [^\]]{1,100}\]$", RegexOptions.None, 1000)]
    private static partial Regex Alias();

    [GeneratedRegex(@"::h[0-9a-f]{16}$", RegexOptions.None, 1000)]
    private static partial Regex RustHash();

    // async checkout, new Cart, Object.withScope: how it was called, not what it is. A browser and Node say it differently.
    [GeneratedRegex(
        @"^(?:async\*?\s+|new\s+|(?:Object|Module|Function|exports|global|window)\.(?=.))+",
        RegexOptions.None,
        1000
    )]
    private static partial Regex Prefix();

    [GeneratedRegex(@"\(.{0,500}\)$|<[^<>]{0,200}>$(?<!^<[^<>]{0,200}>$)", RegexOptions.Singleline, 1000)]
    private static partial Regex Arguments();

    // lambda$main$0, $$Lambda$14/0x0000000800066840, func1, Outer$1: counted by a compiler.
    [GeneratedRegex(
        @"(?<=\blambda\$\w{1,100})\$\d+$|(?<=\$\$Lambda)\$\d+.{0,60}$|(?<=\.func)\d+(?:\.\d+)*|(?<=\$)\d+\b",
        RegexOptions.None,
        1000
    )]
    private static partial Regex Numbered();

    [GeneratedRegex(@"^v?\d+(?:\.\d+)+(?:[-+][\w.]+)?$", RegexOptions.None, 1000)]
    private static partial Regex Version();

    [GeneratedRegex(
        @"(?<before>^|[-_@.])v?\d+(?:\.\d+)+(?:-(?:alpha|beta|rc|next|canary)[\w.]*)?(?=$|[-_.])",
        RegexOptions.None,
        1000
    )]
    private static partial Regex Versions();

    [GeneratedRegex(@"[A-Za-z0-9]+(?:_[A-Za-z0-9]+)*", RegexOptions.None, 1000)]
    private static partial Regex Words();

    [GeneratedRegex(
        @"\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b",
        RegexOptions.None,
        1000
    )]
    private static partial Regex InnerUuid();

    [GeneratedRegex(
        @"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$",
        RegexOptions.None,
        1000
    )]
    private static partial Regex Uuid();
}
