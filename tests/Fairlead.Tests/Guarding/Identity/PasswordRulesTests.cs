using Fairlead.Engine.Guarding.Identity;

namespace Fairlead.Tests.Guarding.Identity;

/// <summary>Which passwords are taken.</summary>
public sealed class PasswordRulesTests
{
    [Theory]
    [InlineData("tall ships need wind", null)]
    [InlineData("Xk9#mQ2$vL7!", null)]
    [InlineData("eleven here", "It has 11 letters, and 12 are the fewest.")]
    [InlineData("aaaaaaaaaaaaaaaa", "It is made of too few different letters.")]
    [InlineData("password123456", "It is one of those that are tried first.")]
    [InlineData("Password2026!!", "It is one of those that are tried first.")]
    [InlineData("correct horse battery staple", "It is one of those that are tried first.")]
    [InlineData("qwertyuiop123", "It is one of those that are tried first.")]
    [InlineData("annaberg2026", "It is made of your name, your address or Fairlead's name.")]
    [InlineData("fairlead-secret", "It is made of your name, your address or Fairlead's name.")]
    public void A_password_is_long_and_none_that_is_tried_first(string password, string? why) =>
        Assert.Equal(why, PasswordRules.Find(password, "Anna", "annaberg@example.org")?.Why);

    [Fact]
    public void One_of_128_letters_is_taken_and_a_longer_one_is_not()
    {
        var most = string.Concat(Enumerable.Repeat("abcdefgh", 16));

        Assert.Null(PasswordRules.Find(most, "Anna", "a@example.org"));
        Assert.Equal(
            "It has 129 letters, and 128 are the most.",
            PasswordRules.Find(most + "x", "Anna", "a@example.org")?.Why
        );
    }
}
