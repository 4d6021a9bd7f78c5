using System.Text.RegularExpressions;
using CsCheck;
using Fairlead.Model.Security;

namespace Fairlead.Tests.Guarding.Access;

public sealed class TrustTests
{
    [Theory]
    [InlineData("repo:acme/shop:ref:refs/heads/main", "repo:acme/shop:ref:refs/heads/main", true)]
    [InlineData("repo:acme/shop:ref:refs/heads/main", "repo:acme/shop:*", true)]
    [InlineData("repo:acme/shop-evil:ref", "repo:acme/shop:*", false)]
    [InlineData("repo:acme/shop:ref:refs/heads/mainx", "repo:acme/shop:ref:refs/heads/main", false)]
    [InlineData("REPO:acme", "repo:acme", false)]
    [InlineData("", "*", true)]
    [InlineData("", "", true)]
    [InlineData("a", "", false)]
    [InlineData("aXbXc", "a*b*c", true)]
    [InlineData("abc", "a.c", false)]
    public void A_pattern_takes_letters_as_they_are_and_a_star_for_any(string text, string pattern, bool fits) =>
        Assert.Equal(fits, Trust.Fits(text, pattern));

    [Fact]
    public void It_answers_as_an_expression_does_that_says_the_same()
    {
        var letters = Gen.Char["ab*"].Array[0, 12].Select(static all => new string(all));
        Gen.Select(letters, letters)
            .Sample(
                (text, pattern) =>
                    Assert.Equal(
                        Regex.IsMatch(
                            text,
                            $"^{string.Join(".*", pattern.Split('*').Select(Regex.Escape))}\\z",
                            RegexOptions.Singleline | RegexOptions.NonBacktracking
                        ),
                        Trust.Fits(text, pattern)
                    ),
                iter: 20_000
            );
    }

    [Fact]
    public void A_pattern_made_to_take_for_ever_does_not() =>
        Assert.False(Trust.Fits(new string('a', 20_000), string.Concat(Enumerable.Repeat("a*", 250)) + "b"));
}
