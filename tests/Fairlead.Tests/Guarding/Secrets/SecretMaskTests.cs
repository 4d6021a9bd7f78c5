using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;
using Fairlead.Model.Security;

namespace Fairlead.Tests.Guarding.Secrets;

public sealed partial class SecretMaskTests
{
    private const string Canary = "C4n@ry+/\"S3cr'et&<Väl>?";

    private static readonly JsonSerializerOptions Relaxed = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly SecretMask Mask = SecretMask.Of([new Secret(Canary)]);

    /// <summary>The forms of issue and guide, made by other means than the mask's own.</summary>
    private static readonly (string Name, Func<string, string> Encode)[] Encodings =
    [
        ("raw", text => text),
        ("base64", text => Convert.ToBase64String(Encoding.UTF8.GetBytes(text))),
        ("base64 behind one byte", text => Convert.ToBase64String(Encoding.UTF8.GetBytes("x" + text + "tail"))),
        ("base64 behind two bytes", text => Convert.ToBase64String(Encoding.UTF8.GetBytes("xy" + text + "tail"))),
        (
            "base64url",
            text =>
                Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_')
        ),
        ("hex", text => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text))),
        ("HEX", text => Convert.ToHexString(Encoding.UTF8.GetBytes(text))),
        ("URL", Uri.EscapeDataString),
        (
            "URL in lower case",
            text => Percent().Replace(Uri.EscapeDataString(text), match => match.Value.ToLowerInvariant())
        ),
        ("form", text => WebUtility.UrlEncode(text)),
        ("double URL", text => Uri.EscapeDataString(Uri.EscapeDataString(text))),
        ("JSON", text => JsonSerializer.Serialize(text)),
        ("JSON, relaxed", text => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value),
        (
            "JSON in JSON",
            text =>
                JsonSerializer.Serialize(
                    JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value,
                    Relaxed
                )
        ),
        ("HTML", WebUtility.HtmlEncode),
        ("HTML, numbers", HtmlEncoder.Default.Encode),
        (
            "broken over lines",
            text => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).Insert(7, "\n   ").Insert(24, "\r\n")
        ),
        ("coloured within", text => text.Insert(4, "\x1B[31;1m").Insert(14, "\x1B[0m")),
        ("shell", text => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'"),
    ];

    public static TheoryData<string> Names => [.. Encodings.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_secret_is_hidden_in_every_form(string name)
    {
        var encoded = Encodings.Single(one => one.Name == name).Encode(Canary);
        var masked = Mask.Masked($"before {encoded} after");
        Assert.StartsWith("before ", masked, StringComparison.Ordinal);
        Assert.EndsWith(" after", masked, StringComparison.Ordinal);
        Assert.Contains("***", masked, StringComparison.Ordinal);
        // At most what base64 shares with its neighbours is left of it.
        Assert.True(masked.Length <= "before  after".Length + 16, masked);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_secret_is_hidden_wherever_the_text_is_cut_in_pieces(string name)
    {
        var text = $"before {Encodings.Single(one => one.Name == name).Encode(Canary)} after";
        for (var cut = 1; cut < text.Length; cut++)
        {
            Assert.Equal(Mask.Masked(text), InPieces(Mask, text, [cut]));
        }
        Assert.Equal(Mask.Masked(text), InPieces(Mask, text, Enumerable.Range(1, text.Length - 1)));
    }

    [Fact]
    public void The_password_in_an_address_is_hidden_by_itself_and_the_rest_of_it_is_not()
    {
        var mask = SecretMask.Of([new Secret("postgres://shop:p%40ss-w0rd@db.internal:5432/shop")]);
        Assert.Equal(
            "cannot reach db.internal:5432 as shop with *** or *** at ***",
            mask.Masked(
                "cannot reach db.internal:5432 as shop with p@ss-w0rd or p%40ss-w0rd at postgres://shop:p%40ss-w0rd@db.internal:5432/shop"
            )
        );
    }

    [Fact]
    public void A_key_of_many_lines_is_hidden_whole_by_line_and_in_JSON()
    {
        const string pem = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0\nABCDEFGHIJKLMNOPQRSTUVW\n-----END KEY-----\n";
        var mask = SecretMask.Of([new Secret(pem)]);
        Assert.Equal(
            ["a ***\n\n\n b", "line *** alone", "{\"key\":\"***\"}"],
            [
                mask.Masked($"a {pem.TrimEnd()} b"),
                mask.Masked("line ABCDEFGHIJKLMNOPQRSTUVW alone"),
                mask.Masked($"{{\"key\":{JsonSerializer.Serialize(pem)}}}"),
            ]
        );
    }

    [Fact]
    public void A_secret_that_begins_another_does_not_leave_its_rest()
    {
        var mask = SecretMask.Of([new Secret("prefix-1"), new Secret("prefix-1-and-more"), new Secret("more-of-it")]);
        Assert.Equal(
            "*** *** *** ***",
            mask.Masked("prefix-1 prefix-1-and-more prefix-1-and-more-of-it prefix-1prefix-1")
        );
    }

    [Fact]
    public void A_text_without_secrets_is_the_very_same_string()
    {
        var text = "nothing \x1B[31mto\x1B[0m see\nhere".Insert(0, Canary[..5]);
        Assert.Same(text, Mask.Masked(text));
        Assert.Same(text, SecretMask.None.Masked(text));
    }

    [Fact]
    public void What_was_held_back_is_shown_when_asked_and_the_rest_of_a_secret_is_hidden_all_the_same()
    {
        var stream = new PiecewiseMask(SecretMask.Of([new Secret("abcdefghij")]));
        Assert.Equal(
            ["x", "abcde", "***y"],
            [stream.Push("xabcde"), stream.Flush(), stream.Push("fghijy") + stream.Flush()]
        );
    }

    [Fact]
    public void Endless_breaks_within_half_a_secret_are_not_held_for_ever()
    {
        var stream = new PiecewiseMask(SecretMask.Of([new Secret("abcdefghij")]));
        Assert.NotEmpty(stream.Push("abcde" + new string('\n', 100_000)));
    }

    [Fact]
    public void Bytes_that_are_no_text_come_through_unchanged()
    {
        byte[] bytes = [0xFF, 0x00, 0xC3, .. Encoding.UTF8.GetBytes(Canary), 0xFE, 0x80];
        var mask = SecretMask.OfBytes([new Secret(Canary)]);
        byte[] masked = Encoding.Latin1.GetBytes(mask.Masked(Encoding.Latin1.GetString(bytes)));
        Assert.Equal([0xFF, 0x00, 0xC3, .. "***"u8, 0xFE, 0x80], masked);
    }

    /// <summary>Against the simplest thing that could be right: every place of every form in the bare text is marked.</summary>
    [Fact]
    public void Random_texts_are_masked_as_a_naive_search_masks_them()
    {
        var letters = Gen.Char["abc+\"\n \t\x1B[3m\r"];
        var texts = Gen.Char["abc"]
            .Array[6, 9]
            .Select(one => new string(one))
            .Where(one => Secret.FaultOf(one) is null);
        Gen.Select(texts.Array[1, 4], letters.Array[0, 200], Gen.Int[0, 3].Array[0, 12], Gen.Int[1, 200].Array[0, 5])
            .Sample(
                (secrets, noise, planted, cuts) =>
                {
                    var text = new StringBuilder(new string(noise));
                    foreach (var (index, which) in planted.Index())
                    {
                        var form = Encodings[(index * 7 + which) % Encodings.Length]
                            .Encode(secrets[which % secrets.Length] + "pad-for-breaks-and-colours");
                        text.Insert(
                            text.Length * index / planted.Length,
                            which == 3 ? form[..(form.Length / 2)] : form
                        );
                    }
                    var mask = SecretMask.Of(secrets.Select(one => new Secret(one)));
                    var whole = text.ToString();
                    var expected = Naive(mask, whole);
                    Assert.Equal(expected, mask.Masked(whole));
                    Assert.Equal(expected, InPieces(mask, whole, cuts.Order()));
                },
                iter: 20_000
            );
    }

    private static string InPieces(SecretMask mask, string text, IEnumerable<int> cuts)
    {
        var stream = new PiecewiseMask(mask);
        var shown = new StringBuilder();
        var from = 0;
        foreach (var cut in cuts.Where(cut => cut < text.Length).Append(text.Length))
        {
            shown.Append(stream.Push(text.AsSpan(from, cut - from)));
            from = cut;
        }
        return shown.Append(stream.Flush()).ToString();
    }

    private static string Naive(SecretMask mask, string text)
    {
        List<int> places = [];
        var skim = new Skim();
        for (var index = 0; index < text.Length; index++)
        {
            if (!skim.Skips(text[index]))
            {
                places.Add(index);
            }
        }
        var bare = new string([.. places.Select(place => text[place])]);
        var isHidden = new bool[text.Length];
        foreach (var form in mask.Forms)
        {
            for (
                var at = bare.IndexOf(form, StringComparison.Ordinal);
                at >= 0;
                at = bare.IndexOf(form, at + 1, StringComparison.Ordinal)
            )
            {
                Array.Fill(isHidden, value: true, places[at], places[at + form.Length - 1] - places[at] + 1);
            }
        }
        var shown = new StringBuilder();
        for (var index = 0; index < text.Length; index++)
        {
            shown.Append(
                !isHidden[index]
                    ? text[index].ToString()
                    : (index == 0 || !isHidden[index - 1] ? "***" : "") + (text[index] == '\n' ? "\n" : "")
            );
        }
        return shown.ToString();
    }

    [GeneratedRegex("%[0-9A-F]{2}", RegexOptions.NonBacktracking)]
    private static partial Regex Percent();
}
