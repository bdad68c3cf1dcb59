namespace WordCount;

internal static class Program
{
    public static void Main()
    {
    }
}
