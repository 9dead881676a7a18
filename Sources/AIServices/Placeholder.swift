// AIServices
