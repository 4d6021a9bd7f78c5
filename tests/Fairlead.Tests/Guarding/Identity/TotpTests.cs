using System.Text;
using CsCheck;
using Fairlead.Engine.Guarding.Identity;

namespace Fairlead.Tests.Guarding.Identity;

/// <summary>Codes that change every 30 seconds.</summary>
public sealed class TotpTests
{
    private static readonly byte[] Seed = Encoding.ASCII.GetBytes("12345678901234567890");
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_111_111_109);

    // RFC 6238, appendix B; its codes have eight digits, of which apps show the last six.
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1_111_111_109, "081804")]
    [InlineData(1_111_111_111, "050471")]
    [InlineData(1_234_567_890, "005924")]
    [InlineData(2_000_000_000, "279037")]
    [InlineData(20_000_000_000, "353130")]
    public void Codes_are_those_of_the_standard(long seconds, string code) =>
        Assert.Equal(code, Totp.CodeAt(Seed, Totp.StepAt(DateTimeOffset.FromUnixTimeSeconds(seconds))));

    [Fact]
    public void A_clock_may_be_one_step_off_and_no_more()
    {
        bool IsTaken(int steps) =>
            Totp.StepOf(Seed, Totp.CodeAt(Seed, Totp.StepAt(Now) + steps), Now, after: 0) is not null;

        Assert.Equal([false, true, true, true, false], Enumerable.Range(-2, 5).Select(IsTaken));
    }

    [Fact]
    public void A_code_is_good_once_and_none_before_it_is_good_after()
    {
        var step = Totp.StepAt(Now);

        Assert.Equal(step, Totp.StepOf(Seed, "081804", Now, after: step - 1));
        Assert.Null(Totp.StepOf(Seed, "081804", Now, after: step));
        Assert.Null(Totp.StepOf(Seed, Totp.CodeAt(Seed, step - 1), Now, after: step));
    }

    [Fact]
    public void Whatever_is_typed_is_a_code_or_none() =>
        Gen.String.Sample(text =>
            Totp.StepOf(Seed, text, Now, after: 0) is null || text is "081804" || text.Length == 6
        );

    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Base32_is_that_of_the_standard(string text, string expected) =>
        Assert.Equal(expected, Base32.Of(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void A_recovery_code_is_known_however_it_is_typed()
    {
        var code = RecoveryCodes.New()[0];

        Assert.Equal(RecoveryCodes.TryHash(code), RecoveryCodes.TryHash(code.Replace("-", " ").ToUpperInvariant()));
        Assert.Null(RecoveryCodes.TryHash(code[1..]));
        Assert.Equal(10, RecoveryCodes.New().Distinct().Count());
    }
}
