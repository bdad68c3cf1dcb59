Console.WriteLine(string.Join(' ', args));
return 0;
