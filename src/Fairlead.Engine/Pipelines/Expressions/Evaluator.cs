using System.Globalization;
using System.Text;
using System.Text.Json;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Pipelines.Expressions;

/// <summary>Says what an expression comes to. What it writes on the way is bounded, since texts can double at every level.</summary>
internal sealed class Evaluator(IExpressionContext context)
{
    private const int LettersMax = 4 * 1024 * 1024;

    /// <summary>Levels of JSON; Newtonsoft's and System.Text.Json's limit too.</summary>
    private const int JsonDepthMax = 64;

    private int lettersLeft = LettersMax;

    /// <exception cref="ProblemException">A function cannot take what it is given, or the result is too large.</exception>
    public ExpressionValue Of(Expression expression) =>
        expression switch
        {
            Expression.Literal literal => literal.Value,
            Expression.Named named => context.Find(named.Name) ?? ExpressionValue.None,
            Expression.Indexed indexed => Indexed(indexed),
            Expression.Not not => ExpressionValue.Of(!Of(not.Of).IsTrue),
            Expression.Compared compared => ExpressionValue.Of(Holds(compared)),
            Expression.Joined joined => First(joined),
            Expression.Called called => Answer(called),
            _ => throw new InvalidOperationException("The set of expressions is closed."),
        };

    private bool Holds(Expression.Compared compared)
    {
        var (left, right) = (Of(compared.Left), Of(compared.Right));
        return compared.Sign switch
        {
            "==" => Comparing.AreEqual(left, right),
            "!=" => !Comparing.AreEqual(left, right),
            "<" => Comparing.IsLess(left, right),
            "<=" => Comparing.AreEqual(left, right) || Comparing.IsLess(left, right),
            ">" => Comparing.IsLess(right, left),
            _ => Comparing.AreEqual(left, right) || Comparing.IsLess(right, left),
        };
    }

    private ExpressionValue First(Expression.Joined joined)
    {
        var value = ExpressionValue.None;
        foreach (var part in joined.Parts)
        {
            value = Of(part);
            if (value.IsTrue != joined.IsAnd)
            {
                break;
            }
        }
        return value;
    }

    private ExpressionValue Indexed(Expression.Indexed indexed)
    {
        var of = Of(indexed.Of);
        var index = indexed.Index is { } said ? Of(said) : null;
        return of switch
        {
            ExpressionValue.Row { IsFiltered: true } row => new ExpressionValue.Row(
                [.. row.Items.SelectMany(item => Inside(item, index))],
                isFiltered: true
            ),
            _ when index is null => new ExpressionValue.Row([.. Inside(of, index)], isFiltered: true),
            _ => Inside(of, index).FirstOrDefault() ?? ExpressionValue.None,
        };
    }

    /// <summary>What a value has under an index, or all of it; nothing when it has none.</summary>
    private static IEnumerable<ExpressionValue> Inside(ExpressionValue of, ExpressionValue? index) =>
        (of, index) switch
        {
            (ExpressionValue.Row row, null) => row.Items,
            (ExpressionValue.Group group, null) => group.Entries.Select(static one => one.Value),
            (ExpressionValue.Row row, _) when At(index, row.Items.Count) is { } at => [row.Items[at]],
            (ExpressionValue.Group group, { IsSingle: true }) when group.Find(index.ToString()) is { } found => [found],
            _ => [],
        };

    private static int? At(ExpressionValue index, int count)
    {
        var amount = Math.Floor(index.AsNumber);
        return amount >= 0 && amount < count ? (int)amount : null;
    }

    private ExpressionValue Answer(Expression.Called called)
    {
        var given = called.Given.Select(Of).ToList();
        return called.Function switch
        {
            "always" => ExpressionValue.True,
            "success" => ExpressionValue.Of(context.Status == RunStatus.Success),
            "failure" => ExpressionValue.Of(context.Status == RunStatus.Failure),
            "cancelled" => ExpressionValue.Of(context.Status == RunStatus.Cancelled),
            "case" => Case(given),
            "contains" => ExpressionValue.Of(Contains(given[0], given[1])),
            "startsWith" => ExpressionValue.Of(BothSingle(given) && Begins(given[0].ToString(), given[1].ToString())),
            "endsWith" => ExpressionValue.Of(
                BothSingle(given)
                    && given[0].ToString().EndsWith(given[1].ToString(), StringComparison.OrdinalIgnoreCase)
            ),
            "format" => Counted(Formatted(given[0].ToString(), given)),
            "join" => Counted(Together(given)),
            "toJSON" => Counted(JsonText.Of(given[0], lettersLeft)),
            "fromJSON" => FromJson(given[0].ToString()),
            "hashFiles" => Counted(context.HashFiles([.. given.Select(static one => one.ToString())])),
            _ => throw new InvalidOperationException("The parser knows every function."),
        };
    }

    private static bool BothSingle(List<ExpressionValue> given) => given[0].IsSingle && given[1].IsSingle;

    private static bool Begins(string text, string with) => text.StartsWith(with, StringComparison.OrdinalIgnoreCase);

    private static bool Contains(ExpressionValue where, ExpressionValue what) =>
        where switch
        {
            ExpressionValue.Row row => row.Items.Any(item => Comparing.AreEqual(what, item)),
            { IsSingle: true } when what.IsSingle => where
                .ToString()
                .Contains(what.ToString(), StringComparison.OrdinalIgnoreCase),
            _ => false,
        };

    private static ExpressionValue Case(List<ExpressionValue> given)
    {
        for (var at = 0; at < given.Count - 1; at += 2)
        {
            if (given[at] is not ExpressionValue.Truth truth)
            {
                throw Wrong(
                    "case() is given a condition that is neither true nor false.",
                    $"It is {Shown.Quoted(given[at].ToString())}."
                );
            }
            if (truth.Holds)
            {
                return given[at + 1];
            }
        }
        return given[^1];
    }

    private static string Together(List<ExpressionValue> given)
    {
        var between = given.Count > 1 && given[1].IsSingle ? given[1].ToString() : ",";
        return given[0] switch
        {
            ExpressionValue.Row row => string.Join(between, row.Items),
            ExpressionValue.Group => "",
            var single => single.ToString(),
        };
    }

    private string Formatted(string text, List<ExpressionValue> given)
    {
        var filled = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            if (letter is not ('{' or '}'))
            {
                filled.Append(letter);
            }
            else if (at + 1 < text.Length && text[at + 1] == letter)
            {
                filled.Append(letter);
                at++;
            }
            else
            {
                var close = letter == '{' ? text.IndexOf('}', at) : -1;
                filled.Append(Filler(close < 0 ? "" : text[(at + 1)..close], given));
                at = close;
            }
            if (filled.Length > lettersLeft)
            {
                throw TooLarge();
            }
        }
        return filled.ToString();
    }

    private static string Filler(string number, List<ExpressionValue> given)
    {
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var at))
        {
            throw Wrong("format() is given a text with a brace alone.", "Braces hold a number, or are written twice.");
        }
        if (at >= given.Count - 1)
        {
            throw Wrong($"format() is asked for {{{at}}}.", $"It is given {given.Count - 1} values, counted from 0.");
        }
        return given[at + 1].ToString();
    }

    private ExpressionValue FromJson(string text)
    {
        lettersLeft -= text.Length;
        if (lettersLeft < 0)
        {
            throw TooLarge();
        }
        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = JsonDepthMax });
            return JsonText.Read(json.RootElement);
        }
        catch (JsonException)
        {
            // The text is not shown: it may hold a secret.
            throw Wrong(
                "fromJSON() is given a text that is no JSON.",
                $"It has {text.Length} letters, or more than {JsonDepthMax} levels."
            );
        }
    }

    private ExpressionValue.Text Counted(string text)
    {
        lettersLeft -= text.Length;
        return lettersLeft < 0 ? throw TooLarge() : new(text);
    }

    private static ProblemException TooLarge() =>
        Wrong("The result is too large.", $"An expression may write {LettersMax} letters in all.");

    private static ProblemException Wrong(string what, string why) =>
        new(
            new Problem("pipeline.expression", what, why, "Mend the expression in the pipeline's file.")
            {
                Trouble = Trouble.WrongUse,
            }
        );
}
