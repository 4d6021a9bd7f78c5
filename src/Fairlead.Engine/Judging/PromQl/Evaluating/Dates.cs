namespace Fairlead.Engine.Judging.PromQl.Evaluating;

/// <summary>Parts of dates, in UTC, of numbers that are seconds since 1970. Years before 1 and after 9999 are reckoned as well.</summary>
internal static class Dates
{
    private const long DaySeconds = 86_400;

    // The calendar repeats itself exactly after this many years.
    private const long CycleDays = 146_097;
    private const long CycleYears = 400;

    public static Func<double, double>? Of(string name) =>
        name switch
        {
            "minute" => static value => Modulo(Seconds(value), 3600) / 60,
            "hour" => static value => Modulo(Seconds(value), DaySeconds) / 3600,
            "day_of_week" => static value => Modulo(Days(value) + 4, 7), // 1970 began on a Thursday.
            "day_of_month" => static value => Date(value).Day,
            "day_of_year" => static value => Date(value).DayOfYear,
            "days_in_month" => static value => DateTime.DaysInMonth(Date(value).Year, Date(value).Month),
            "month" => static value => Date(value).Month,
            "year" => static value => Date(value).Year + Cycles(value) * CycleYears,
            _ => null,
        };

    private static long Seconds(double value) =>
        double.IsNaN(value) || value >= long.MaxValue || value <= long.MinValue ? long.MinValue : (long)value;

    private static long Days(double value) => Divide(Seconds(value), DaySeconds);

    private static long Cycles(double value) => Divide(Days(value), CycleDays);

    /// <summary>The same day in the cycle that began in 1970.</summary>
    private static DateTime Date(double value) => DateTime.UnixEpoch.AddDays(Modulo(Days(value), CycleDays));

    private static long Divide(long value, long by) => (value - Modulo(value, by)) / by;

    private static long Modulo(long value, long by) => (value % by + by) % by;
}
