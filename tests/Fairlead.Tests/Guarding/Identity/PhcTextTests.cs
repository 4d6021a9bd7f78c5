using CsCheck;
using Fairlead.Drivers.Passwords;
using Fairlead.Model.Ports;

namespace Fairlead.Tests.Guarding.Identity;

/// <summary>What is stored of passwords.</summary>
public sealed class PhcTextTests
{
    private const string Good = "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$AAECAwQFBgcICQoLDA0ODw";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void A_stored_hash_reads_back_as_it_was_written() => Assert.Equal(Good, PhcText.TryParse(Good)!.ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("$argon2i$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$AAECAwQFBgcICQoLDA0ODw")]
    [InlineData("$argon2id$v=19$m=99999999,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$AAECAwQFBgcICQoLDA0ODw")]
    [InlineData("$argon2id$v=19$m=64,t=0,p=1$c2FsdHNhbHRzYWx0c2FsdA$AAECAwQFBgcICQoLDA0ODw")]
    [InlineData("$argon2id$v=19$m=64,t=1,p=1$c2FsdA$AAECAwQFBgcICQoLDA0ODw")]
    [InlineData("$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA==$AAECAwQFBgcICQoLDA0ODw")]
    [InlineData("$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$")]
    public void What_is_garbled_or_asks_for_absurd_work_is_no_hash(string? text) => Assert.Null(PhcText.TryParse(text));

    [Fact]
    public void Any_text_is_a_hash_or_none() =>
        Gen.Select(Gen.Int[0, Good.Length - 1], Gen.Char)
            .Array[0, 6]
            .Sample(changes =>
            {
                var text = Good.ToCharArray();
                foreach (var (at, letter) in changes)
                {
                    text[at] = letter;
                }
                return PhcText.TryParse(new string(text)) is null or { Memory: <= 256 * 1024, Passes: <= 16 };
            });

    [Fact]
    public async Task A_password_is_known_again_and_another_is_not()
    {
        var hashes = new Argon2Passwords(memory: 64, passes: 1);
        var stored = await hashes.HashAsync("tall ships need wind", Stop);

        Assert.Equal(PasswordAnswer.Right, await hashes.CheckAsync(stored, "tall ships need wind", Stop));
        Assert.Equal(PasswordAnswer.Wrong, await hashes.CheckAsync(stored, "tall ships need winds", Stop));
        Assert.Equal(PasswordAnswer.Wrong, await hashes.CheckAsync(null, "tall ships need wind", Stop));
        Assert.NotEqual(stored, await hashes.HashAsync("tall ships need wind", Stop));
    }

    [Fact]
    public async Task A_hash_of_less_work_than_now_is_told()
    {
        var stored = await new Argon2Passwords(memory: 64, passes: 1).HashAsync("tall ships need wind", Stop);

        Assert.Equal(
            PasswordAnswer.RightButWeak,
            await new Argon2Passwords(memory: 128, passes: 1).CheckAsync(stored, "tall ships need wind", Stop)
        );
    }

    [Fact]
    public async Task Our_own_parameters_are_at_least_those_of_owasp()
    {
        var made = PhcText.TryParse(await new Argon2Passwords().HashAsync("tall ships need wind", Stop))!;

        Assert.True(made.Memory >= 19 * 1024 && made.Passes >= 2);
    }
}
