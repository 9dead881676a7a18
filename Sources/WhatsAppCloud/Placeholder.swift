// WhatsAppCloud
