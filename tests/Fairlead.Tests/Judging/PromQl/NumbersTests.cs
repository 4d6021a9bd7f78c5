using System.Globalization;
using CsCheck;
using Fairlead.Engine.Judging.PromQl.Reading;

namespace Fairlead.Tests.Judging.PromQl;

public sealed class NumbersTests
{
    [Theory]
    [InlineData(0, "0", "0")]
    [InlineData(-0.0, "-0", "-0")]
    [InlineData(1e21, "1000000000000000000000", "1e+21")]
    [InlineData(1.25e-7, "0.000000125", "1.25e-07")]
    [InlineData(123456.5, "123456.5", "123456.5")]
    [InlineData(1234567, "1234567", "1.234567e+06")]
    [InlineData(0.0001, "0.0001", "0.0001")]
    [InlineData(-0.00001, "-0.00001", "-1e-05")]
    [InlineData(100000, "100000", "100000")]
    [InlineData(double.PositiveInfinity, "+Inf", "+Inf")]
    [InlineData(double.NaN, "NaN", "NaN")]
    public void Numbers_are_written_as_Go_writes_them(double value, string plain, string general) =>
        Assert.Equal((plain, general), (Numbers.Write(value), Numbers.General(value)));

    [Fact]
    public void The_largest_number_has_all_its_places() =>
        Assert.Equal($"17976931348623157{new string('0', 292)}", Numbers.Write(double.MaxValue));

    [Fact]
    public void What_is_written_reads_back_as_the_same_number() =>
        Gen.Double.Sample(value =>
        {
            Assert.Equal(value, Numbers.ReadReal(Numbers.Write(value)));
            Assert.Equal(
                value,
                double.Parse(
                    Numbers.General(value).Replace("Inf", "Infinity", StringComparison.Ordinal),
                    CultureInfo.InvariantCulture
                )
            );
        });

    [Theory]
    [InlineData("0x1f", 31.0)]
    [InlineData("0b101", 5.0)]
    [InlineData("0o17", 15.0)]
    [InlineData("017", 15.0)]
    [InlineData("018", 18.0)]
    [InlineData("1_000.5", 1000.5)]
    [InlineData("+Inf", double.PositiveInfinity)]
    [InlineData("-inf", double.NegativeInfinity)]
    [InlineData("0x1p-2", 0.25)]
    [InlineData("1,5", null)]
    [InlineData("", null)]
    [InlineData("--1", null)]
    public void Numbers_are_read_as_Go_reads_them(string text, double? value) =>
        Assert.Equal(value, Numbers.Read(text));
}
