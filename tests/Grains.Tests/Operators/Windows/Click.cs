namespace Millrace.Operators.Windows;

/// <summary>A record of the tests of windows.</summary>
internal readonly record struct Click(string User, long Value, long At);
